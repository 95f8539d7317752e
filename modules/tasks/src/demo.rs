//! 4 projects with 80 tasks to look at, and 54 with 4 000 to measure with.

use artel_core::{
    Result, Session,
    demo::{Chance, Progress, Unwatched, create_all},
};
use orm::{
    Changes, Decimal, Id, Model, Record,
    chrono::{Days, NaiveDate},
};
use users::User;

use crate::{Project, ProjectStatus, Task, TaskPriority, TaskStage, TaskTag, TimeEntry, seed};

/// How many projects and tasks, by which row of chance.
struct Plan {
    projects: usize,
    tasks: usize,
    seed: u64,
}

const SMALL: Plan = Plan { projects: 4, tasks: 80, seed: 4 };
/// With those of the small one 4 000.
const LARGE: Plan = Plan { projects: 50, tasks: 4_000 - SMALL.tasks, seed: 50 };

const LOGINS: [&str; 5] = ["ann", "boris", "clara", "diana", "emil"];
const TAGS: [&str; 3] = ["срочно", "docs", "клиент"];
const PROJECTS: [&str; 4] = ["Новый склад", "Catalogue 2027", "Переезд офиса", "Trade fair"];
const SUBJECTS: [&str; 8] = [
    "Составить список",
    "Call the supplier",
    "Проверить смету",
    "Write the manual",
    "Согласовать договор",
    "Prepare the hall",
    "Заказать материалы",
    "Take pictures",
];
const PRIORITIES: [TaskPriority; 6] = [
    TaskPriority::Low,
    TaskPriority::Normal,
    TaskPriority::Normal,
    TaskPriority::Normal,
    TaskPriority::High,
    TaskPriority::Urgent,
];

/// What tasks point at.
struct Around {
    today: NaiveDate,
    stages: Vec<Id<TaskStage>>,
    tags: Vec<Id<TaskTag>>,
    crews: Vec<Crew>,
}

/// A project and its people, its manager first.
struct Crew {
    project: Id<Project>,
    people: Vec<Id<User>>,
}

pub(crate) async fn fill(session: &Session) -> Result<()> {
    let tags = TAGS.map(|it| Changes::from([TaskTag::NAME.set(it)]));
    let tags = TaskTag::create_many(session, tags.into()).await?;
    make(session, (&SMALL, tags), &Unwatched).await
}

pub(crate) async fn fill_large(session: &Session, progress: &dyn Progress) -> Result<()> {
    let tags = TaskTag::query(session).filter(TaskTag::NAME.one_of(TAGS)).all().await?;
    let tags = tags.iter().map(Record::id).collect();
    make(session, (&LARGE, tags), progress).await
}

async fn make(
    session: &Session,
    (plan, tags): (&Plan, Vec<Id<TaskTag>>),
    progress: &dyn Progress,
) -> Result<()> {
    let users =
        User::query(session).filter(User::LOGIN.one_of(LOGINS)).order(User::ID).all().await?;
    let users: Vec<_> = users.iter().map(Record::id).collect();
    if users.is_empty() {
        return Ok(());
    }
    let mut chance = Chance::of(plan.seed);
    let crews = crews(session, (plan, &users), &mut chance, progress).await?;
    let (today, stages) = (session.now().date_naive(), seed::stages(session).await?);
    let around = Around { today, stages, tags, crews };
    let places: Vec<usize> = (0..plan.tasks).map(|_| chance.below(around.crews.len())).collect();
    let (whole, parts) = places.split_at(plan.tasks * 4 / 5);
    let tasks: Vec<_> = whole.iter().map(|crew| task(&mut chance, &around, *crew)).collect();
    let tasks = create_all(session, progress, tasks).await?;
    let parents: Vec<(usize, Id<Task>)> =
        whole.iter().copied().zip(tasks.iter().copied()).collect();
    let subtasks = parts.iter().filter_map(|_| {
        let (crew, parent) = *chance.one(&parents)?;
        Some(task(&mut chance, &around, crew).with(Task::PARENT.set(parent)))
    });
    let subtasks: Vec<_> = subtasks.collect();
    create_all(session, progress, subtasks).await?;
    let hours = parents.iter().flat_map(|it| hours(&mut chance, &around, *it)).collect();
    create_all(session, progress, hours).await?;
    Ok(())
}

/// Projects that the users lead by turns; most of the others are members.
async fn crews(
    session: &Session,
    (plan, users): (&Plan, &[Id<User>]),
    chance: &mut Chance,
    progress: &dyn Progress,
) -> Result<Vec<Crew>> {
    let crew = |at: usize| {
        let manager = users[at % users.len()];
        let others = users.iter().copied().filter(|it| *it != manager && chance.percent(60));
        [manager].into_iter().chain(others).collect()
    };
    let crews: Vec<Vec<Id<User>>> = (0..plan.projects).map(crew).collect();
    let project = |(at, people): (usize, &Vec<Id<User>>)| {
        let name = PROJECTS[at % PROJECTS.len()];
        let name =
            if plan.projects > PROJECTS.len() { format!("{name} {}", at + 1) } else { name.into() };
        let status = if at % 9 == 8 { ProjectStatus::Done } else { ProjectStatus::Active };
        Changes::from([
            Project::NAME.set(name),
            Project::MANAGER.set(people[0]),
            Project::MEMBERS.add(&people[1..]),
            Project::STATUS.set(status),
        ])
    };
    let projects = crews.iter().enumerate().map(project).collect();
    let projects = create_all(session, progress, projects).await?;
    let with_people = projects.into_iter().zip(crews);
    Ok(with_people.map(|(project, people)| Crew { project, people }).collect())
}

fn task(chance: &mut Chance, around: &Around, crew: usize) -> Changes<Task> {
    let crew = &around.crews[crew];
    let subject = SUBJECTS[chance.below(SUBJECTS.len())];
    let assignee = if chance.percent(85) { chance.one(&crew.people).copied() } else { None };
    let due = around.today.checked_add_days(Days::new(chance.below(120) as u64));
    let due = due.and_then(|it| it.checked_sub_days(Days::new(40))).filter(|_| chance.percent(70));
    let planned = Decimal::new(chance.between(2, 80) * 50, 2);
    let task = Changes::from([
        Task::NAME.set(format!("{subject} {}", chance.between(1, 999))),
        Task::PROJECT.set(crew.project),
        Task::STAGE.set(around.stages[chance.below(around.stages.len())]),
        Task::ASSIGNEE.set(assignee),
        Task::PRIORITY.set(PRIORITIES[chance.below(PRIORITIES.len())]),
        Task::DUE.set(due),
        Task::PLANNED_HOURS.set(chance.percent(60).then_some(planned)),
    ]);
    match chance.one(&around.tags).filter(|_| chance.percent(30)) {
        Some(tag) => task.with(Task::TAGS.add(&[*tag])),
        None => task,
    }
}

/// Up to three days of work on a task, by people of its project.
fn hours(
    chance: &mut Chance,
    around: &Around,
    (crew, task): (usize, Id<Task>),
) -> Vec<Changes<TimeEntry>> {
    let people = &around.crews[crew].people;
    let days = chance.below(4);
    let day = |_| {
        let user = *chance.one(people)?;
        let date = around.today.checked_sub_days(Days::new(chance.below(60) as u64))?;
        Some(Changes::from([
            TimeEntry::TASK.set(task),
            TimeEntry::USER.set(user),
            TimeEntry::DATE.set(date),
            TimeEntry::HOURS.set(Decimal::new(chance.between(1, 32) * 25, 2)),
        ]))
    };
    (0..days).filter_map(day).collect()
}
