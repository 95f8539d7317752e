//! Sales are seen and changed by those who look after them; managers see all of their company, as
//! the model's line `company_owned` says. Lines follow their sale.

use artel_core::{Grant, ME, Rights, access::EVERYONE};

use crate::{Sale, SaleCounter, SaleStage, Tax};

const USER: &str = "sales.user";
const MANAGER: &str = "sales.manager";
/// May ask for sales, and sees none: no rule speaks of this role.
const GUEST: &str = "sales.guest";

pub(crate) fn rights(to: &mut Rights) {
    // Whoever sells must find whoever buys.
    to.role(USER, "Sales: own and free ones").implies(&["partners.user"]);
    to.role(MANAGER, "Sales: manager").implies(&[USER]);
    to.role(GUEST, "Sales: none of them");

    to.grant::<Sale>(USER, Grant::ALL);
    to.grant::<Sale>(GUEST, Grant::READ);
    to.grant::<SaleStage>(EVERYONE, Grant::READ);
    to.grant::<Tax>(EVERYONE, Grant::READ);
    to.grant::<SaleStage>(MANAGER, Grant::ALL);
    to.grant::<Tax>(MANAGER, Grant::ALL);

    to.reserve::<SaleCounter>(&[]);

    let own_or_free = Sale::OWNER.is(ME).or(Sale::OWNER.is_none());
    to.rule("own and free sales", &[USER], Grant::ALL, own_or_free);
    to.all_rows::<Sale>("every sale", &[MANAGER], Grant::ALL);
}
