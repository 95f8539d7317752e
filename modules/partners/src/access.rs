//! Partners are seen and changed by those who look after them; managers see all of their company,
//! as the model's line `company_owned` says.

use artel_core::{Grant, ME, Rights};

use crate::{Partner, PartnerTag};

const USER: &str = "partners.user";
const MANAGER: &str = "partners.manager";

pub(crate) fn rights(to: &mut Rights) {
    to.role(USER, "Partners: own and free ones");
    to.role(MANAGER, "Partners: manager").implies(&[USER]);

    to.grant::<Partner>(USER, Grant::ALL);
    to.grant::<PartnerTag>(USER, Grant::READ);
    to.grant::<PartnerTag>(MANAGER, Grant::ALL);

    let own_or_free = Partner::OWNER.is(ME).or(Partner::OWNER.is_none());
    to.rule("own and free partners", &[USER], Grant::ALL, own_or_free);
    to.all_rows::<Partner>("every partner", &[MANAGER], Grant::ALL);
}
