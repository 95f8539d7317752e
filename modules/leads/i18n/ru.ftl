## Лиды, их этапы, команды

model-leads = Лиды
field-leads-name = Тема
field-leads-kind = Вид
choice-leads-kind-lead = Лид
choice-leads-kind-opportunity = Сделка
field-leads-stage = Этап
field-leads-partner = Контрагент
field-leads-owner = Ответственный
field-leads-team = Команда
field-leads-amount = Сумма
field-leads-probability = Вероятность, %
field-leads-active = Активен
model-lead_stages = Этапы лидов
field-lead_stages-name = Название
field-lead_stages-sequence = Место
field-lead_stages-closed = Решён
model-teams = Команды
field-teams-name = Название
field-teams-members = Участники
