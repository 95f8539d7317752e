//! Leads are seen and changed by those who work on them; managers see all.

use artel_core::{Grant, ME, Rights, access::EVERYONE};

use crate::{Lead, LeadStage, Team};

const USER: &str = "leads.user";
const MANAGER: &str = "leads.manager";
/// May ask for leads, and sees none: no rule speaks of this role.
const GUEST: &str = "leads.guest";

pub(crate) fn rights(to: &mut Rights) {
    to.role(USER, "Leads: own and free ones");
    to.role(MANAGER, "Leads: manager").implies(&[USER]);
    to.role(GUEST, "Leads: none of them");

    to.grant::<Lead>(USER, Grant::ALL);
    to.grant::<Lead>(GUEST, Grant::READ);
    to.grant::<LeadStage>(EVERYONE, Grant::READ);
    to.grant::<Team>(EVERYONE, Grant::READ);
    to.grant::<LeadStage>(MANAGER, Grant::ALL);
    to.grant::<Team>(MANAGER, Grant::ALL);

    to.list_macro("my_teams", Team::MEMBERS);

    let own_or_free = Lead::OWNER.is(ME).or(Lead::OWNER.is_none());
    to.rule("own and free leads", &[USER], Grant::ALL, own_or_free);
    to.all_rows::<Lead>("every lead", &[MANAGER], Grant::ALL);
}
