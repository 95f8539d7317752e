## Leads, their stages, teams. What is said beside a label stands at the field, in Rust.

model-leads = Leads
field-leads-name = Subject
field-leads-kind = Kind
choice-leads-kind-lead = Lead
choice-leads-kind-opportunity = Opportunity
field-leads-stage = Stage
field-leads-partner = Partner
field-leads-owner = Owner
field-leads-team = Team
field-leads-amount = Amount
field-leads-probability = Probability, %
field-leads-active = Active
model-lead_stages = Lead stages
field-lead_stages-name = Name
field-lead_stages-sequence = Place
field-lead_stages-closed = Final
model-teams = Teams
field-teams-name = Name
field-teams-members = Members
