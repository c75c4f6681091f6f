//! S5 to S8, step 1 of the guide: an organization applies for the right to sign at meetings.

use sealwright::ceremony::{Ceremony, Policy, Profile};
use sealwright::organization::{
    Entitlement, EntitlementCommand, Entitlements, Feature, Terms, Window,
};
use time::Duration;

use crate::Failure;
use crate::cast::{A, Acting};
use crate::host::Host;

/// The entitlement of this tale.
pub const ENTITLEMENT: &str = "ent_1";

/// S5 to S8.
pub fn white_list(host: &mut Host) -> Result<(), Failure> {
    host.teller.chapter("步骤1：申请使用白名单", "Step 1: apply for the feature");
    host.teller.step(
        "S5–S7",
        "战略签约需先申请开通：引擎给出邮件标题与正文，发送由平台完成。",
        "Strategic signing has to be applied for. The engine writes the mail, the platform sends it.",
    );
    let booker = Acting::booker(host)?;
    host.teller.refused(
        "先试：未开通就预约会议。",
        "First the wrong way: draft a meeting without the entitlement.",
        "feature.not_entitled",
        Ceremony::draft(
            "cer_00".parse()?,
            Profile::Strategic,
            Policy::default(),
            &booker.staff()?,
            Entitlements::of(&[]),
            host.now,
        ),
    );
    let (head, id) = (Acting::head(host, &A)?, ENTITLEMENT.parse()?);
    let feature = Feature::StrategicSigning;
    let request = Entitlement::request(&id, &head.organization, feature, &head.by()?, host.now)?;
    let entitlement: Entitlement = host.database.create(&request)?;
    if let Some(application) = entitlement.application() {
        host.teller.show(application.subject());
        host.teller.show(application.body());
    }
    let window = Window::new(host.now, Some(host.now + Duration::days(365)))?;
    let approve = EntitlementCommand::Approve(Terms { quota: Some(10), ..Terms::within(window) });
    let decision = entitlement.decide(approve, &host.operator(), host.now)?;
    let entitlement: Entitlement = host.database.update(&decision)?;
    host.teller.step("S8", "审核通过后，菜单出现。", "After the approval the menu is there.");
    host.teller.expect(
        entitlement.require(head.organization.id(), feature, host.now).is_ok(),
        format!("{} 可预约 10 场，有效一年。", head.organization.name()),
        format!("{} may book ten meetings within a year.", head.organization.id()),
    );
    Ok(())
}
