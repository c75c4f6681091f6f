//! Making seals.

use std::collections::BTreeSet;

use sealwright::appearance::Font;
use sealwright::appearance::design::{Closing, NameSeal, OvalSeal, RoundSeal, SealDesign};
use sealwright::audit::HostKey;
use sealwright::authorization::{
    ImageFacts, NewFace, NewSeal, Seal, SealColour, SealCommand, SealFacts, SealRules, SealShape,
    SealSize, SealSource, SealStatus, SealVersion, SealWarning, TaxNumber,
};
use sealwright::contract::SealKind;
use sealwright::decision::{Claim, Decision, Recipient};
use sealwright::organization::{AuthorizationMethod, By, Employee, Holders, Invitation};
use sealwright_testdata::font;
use time::Duration;

use crate::people::{Company, hours, made, operator, start};
use crate::stamps::{image, new_seal, reason, rules, uploaded};

fn create(company: &Company, new: NewSeal) -> Decision<Seal> {
    Seal::create(new.clone(), &company.keeper(&new.kind), &company.facts(), start()).unwrap()
}

fn refused(company: &Company, new: NewSeal) -> &'static str {
    let by = company.keeper(&new.kind);
    Seal::create(new, &by, &company.facts(), start()).unwrap_err().code()
}

fn with_face(kind: SealKind, face: NewFace) -> NewSeal {
    NewSeal { face, ..new_seal("s", kind) }
}

#[test]
fn seal_create_uploaded_waits_for_its_review() {
    let company = Company::first();
    let decision = create(&company, new_seal("s1", SealKind::Contract));
    assert_eq!(decision.kinds(), ["seal.created"]);
    let seal = made(&decision);
    assert_eq!(seal.status(), SealStatus::Checking);
    assert_eq!((seal.name().as_str(), seal.current().number), ("印章 s1", 1));
    assert_eq!(seal.organization(), company.organization.id());
    assert_eq!(seal.validity().from(), start());
    assert_eq!(seal.require_applicable(start()).unwrap_err().code(), "seal.not_enabled");
    let told: Vec<_> = decision.notices().iter().map(|notice| &notice.recipient).collect();
    assert_eq!(told, [&Recipient::SealManagers(company.organization.id().clone())]);
}

#[test]
fn r_seal_12_uploaded_and_issued_seals_are_reviewed_and_generated_ones_are_not() {
    let company = Company::first();
    let status = |source, rules: &SealRules, by: &By<'_>| {
        let new = with_face(SealKind::Contract, NewFace { source, ..uploaded(1) });
        let facts = SealFacts { rules, ..company.facts() };
        made(&Seal::create(new, by, &facts, start()).unwrap()).status()
    };
    let sealer = company.by(&company.sealer);
    assert_eq!(status(SealSource::Uploaded, rules(), &sealer), SealStatus::Checking);
    assert_eq!(status(SealSource::Issued, rules(), &sealer), SealStatus::Checking);
    assert_eq!(status(SealSource::Generated, rules(), &sealer), SealStatus::Enabled);

    let own = SealRules { reviewed_by_super_admin: true, ..SealRules::default() };
    assert_eq!(status(SealSource::Uploaded, &own, &sealer), SealStatus::CheckingByAdmin);
    assert_eq!(status(SealSource::Generated, &own, &sealer), SealStatus::Enabled);
    let admin = company.by(&company.admin);
    assert_eq!(status(SealSource::Uploaded, &own, &admin), SealStatus::Checking);
}

#[test]
fn r_seal_12_what_the_builders_draw_is_registered_as_it_is() {
    let (company, name) = (Company::first(), "江州澄砚信息技术有限公司");
    let font = Font::from_bytes(font::NOTO_SERIF_SC, 0).unwrap();
    let number = TaxNumber::parse("91350100M000100Y43").unwrap();
    let oval = SealSize { width: 45, height: 30 };
    let strip = SealSize { width: 30, height: 12 };
    let square = NameSeal::square("王小明", Closing::Fitting, SealSize::round(20)).unwrap();
    let his = SealKind::LegalRepresentative;
    let designs: [(SealKind, SealDesign); 5] = [
        (SealKind::Official, RoundSeal::new(name, SealSize::round(42)).unwrap().into()),
        (SealKind::Finance, OvalSeal::new(name, oval).unwrap().into()),
        (SealKind::Invoice, OvalSeal::invoice(name, &number).unwrap().into()),
        (his.clone(), square.into()),
        (his, NameSeal::rectangle(&["王小明"], strip).unwrap().into()),
    ];
    for (kind, design) in designs {
        let (face, record) = design.face_to_register(&font).unwrap();
        let seal = company.create(with_face(kind.clone(), record.clone()));
        assert_eq!(seal.status(), SealStatus::Enabled, "{kind}");
        let version = seal.current();
        assert!(version.warnings.is_empty(), "{kind}: {:?}", version.warnings);
        assert_eq!((version.form.shape, version.form.size), (design.shape(), design.size()));
        assert_eq!(seal.version_with(face.face_digest()), Some(version));
        assert_eq!((version.image.format(), version.image.pixels()), (None, None));
        let stored = serde_json::to_string(version).unwrap();
        assert_eq!(serde_json::from_str::<SealVersion>(&stored).unwrap(), *version);
        // Nobody gets past the review, or the limits of pictures, by calling it outlines.
        let uploaded = NewFace { source: SealSource::Uploaded, ..record };
        assert_eq!(refused(&company, with_face(kind, uploaded)), "seal.image_format");
    }
}

#[test]
fn r_seal_07_a_generated_seal_in_another_colour_is_recorded_so_or_refused() {
    let company = Company::first();
    let font = Font::from_bytes(font::NOTO_SERIF_SC, 0).unwrap();
    let blue = RoundSeal::new("江州澄砚信息技术有限公司", SealSize::round(38)).unwrap();
    let design = SealDesign::from(blue.colour(SealColour::Blue));
    let new = with_face(SealKind::Finance, design.face_to_register(&font).unwrap().1);
    assert_eq!(refused(&company, new.clone()), "seal.colour_not_in_enum");
    let colours = BTreeSet::from([SealColour::Red, SealColour::Blue]);
    let rules = SealRules { colours, ..SealRules::default() };
    let facts = SealFacts { rules: &rules, ..company.facts() };
    let seal = made(&Seal::create(new, &company.by(&company.sealer), &facts, start()).unwrap());
    assert_eq!(seal.current().form.colour, SealColour::Blue);
}

/// Of two seals that only one may be, the second is refused while the first one is live, and the
/// host's unique index refuses it where the engine was not shown the first.
fn one_only(kind: &SealKind, space: &str, code: &'static str) {
    let company = Company::first();
    let first = company.enabled("first", kind.clone());
    let second = new_seal("second", kind.clone());
    let by = company.keeper(kind);
    let attempt = |first: &Seal| {
        let facts = SealFacts { seals: &[first], ..company.facts() };
        Seal::create(second.clone(), &by, &facts, start()).map_err(|error| error.code())
    };
    assert_eq!(attempt(&first).unwrap_err(), code);
    let disabled = company.command(&first, SealCommand::Disable);
    assert_eq!(attempt(&disabled).unwrap_err(), code);
    let checking = company.create(new_seal("first", kind.clone()));
    assert_eq!(attempt(&checking).unwrap_err(), code);

    let rejected = company.command(&checking, SealCommand::Reject { reason: reason() });
    let stopped = company.command(&first, SealCommand::Stop { reason: reason() });
    let void = company.command(&first, SealCommand::Void { reason: reason() });
    let deleted = company.command(&disabled, SealCommand::Delete);
    for gone in [rejected, stopped, void, deleted] {
        assert!(attempt(&gone).is_ok(), "{}", gone.status());
    }
    // The seal of another company is none of our business.
    let theirs = Company::second().enabled("first", kind.clone());
    assert!(attempt(&theirs).is_ok());

    let key = HostKey::new(&[7; 32]).unwrap();
    let index_of = |decision: &Decision<Seal>| {
        let mut claims = decision.claims().iter();
        claims.find(|claim| claim.key().space() == space).map(|claim| match claim {
            Claim::Take { key: name, code, .. } => (name.index(&key), *code),
            other => panic!("{other:?}"),
        })
    };
    let taken = index_of(&create(&company, new_seal("first", kind.clone()))).unwrap();
    assert_eq!(taken.1, code);
    assert_eq!(index_of(&create(&company, second.clone())), Some(taken.clone()));
    let theirs = index_of(&create(&Company::second(), second.clone())).unwrap();
    assert_ne!(theirs.0, taken.0);
}

#[test]
fn r_seal_01_one_official_seal() {
    one_only(&SealKind::Official, "seal.official", "seal.official_exists");
}

#[test]
fn r_seal_02_one_seal_of_the_legal_representative() {
    one_only(&SealKind::LegalRepresentative, "seal.legal_representative", "seal.legal_rep_exists");
}

#[test]
fn r_seal_03_a_name_is_taken_while_its_seal_is_live() {
    let company = Company::first();
    let first = company.enabled("first", SealKind::Contract);
    let same = NewSeal { name: first.name().clone(), ..new_seal("second", SealKind::Finance) };
    let facts = SealFacts { seals: &[&first], ..company.facts() };
    let by = company.by(&company.sealer);
    let error = Seal::create(same.clone(), &by, &facts, start()).unwrap_err();
    assert_eq!(error.code(), "seal.name_taken");
    // Two contract seals with names of their own are fine.
    assert!(Seal::create(new_seal("third", SealKind::Contract), &by, &facts, start()).is_ok());

    let void = company.command(&first, SealCommand::Void { reason: reason() });
    let facts = SealFacts { seals: &[&void], ..company.facts() };
    assert!(Seal::create(same, &by, &facts, start()).is_ok());
}

#[test]
fn r_seal_01_02_03_names_are_released_when_the_seal_ends() {
    let company = Company::first();
    let operator = operator();
    let seal = company.enabled("s", SealKind::Official);
    let stop = SealCommand::Stop { reason: reason() };
    let decision = seal.decide(stop, &By::Host(&operator), &company.facts(), start()).unwrap();
    let released: Vec<_> = decision
        .claims()
        .iter()
        .map(|claim| match claim {
            Claim::Release { key, owner } => (key.space(), owner.as_str()),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(released, [("seal.name", "s"), ("seal.official", "s")]);

    // What was rejected has given its names up: deleting it gives nothing up again.
    let checking = company.create(new_seal("t", SealKind::Official));
    let rejected = company.command(&checking, SealCommand::Reject { reason: reason() });
    let by = company.by(&company.sealer);
    let deleted = rejected.decide(SealCommand::Delete, &by, &company.facts(), start()).unwrap();
    assert!(deleted.claims().is_empty());
}

#[test]
fn r_seal_04_05_06_07_08_pictures_and_sizes_are_looked_at_when_a_seal_is_made() {
    let company = Company::first();
    let picture =
        |image| refused(&company, with_face(SealKind::Finance, NewFace { image, ..uploaded(1) }));
    assert_eq!(picture(ImageFacts { format: None, ..image(1) }), "seal.image_format");
    assert_eq!(picture(ImageFacts { bytes: 6 << 20, ..image(1) }), "seal.image_too_large");
    assert_eq!(picture(ImageFacts { face: None, ..image(1) }), "seal.image_decode");
    assert_eq!(picture(ImageFacts { width: 5000, ..image(1) }), "seal.image_dimensions");
    let form = |source, shape, size| {
        let face = NewFace { source, shape, size: Some(size), ..uploaded(1) };
        refused(&company, with_face(SealKind::Official, face))
    };
    let (up, drawn) = (SealSource::Uploaded, SealSource::Generated);
    assert_eq!(form(up, SealShape::Circle, SealSize::round(9)), "seal.size_out_of_range");
    assert_eq!(form(drawn, SealShape::Circle, SealSize::round(41)), "seal.size_not_in_enum");
    let oval = SealSize { width: 40, height: 30 };
    assert_eq!(form(drawn, SealShape::Ellipse, oval), "seal.shape_type_conflict");
}

#[test]
fn r_seal_09_10_15_16_what_is_odd_is_in_the_event_for_the_reviewer() {
    let company = Company::first();
    let odd = NewFace {
        image: ImageFacts { transparent: false, width: 500, ..image(1) },
        size: Some(SealSize::round(50)),
        ..uploaded(1)
    };
    let seal = company.create(with_face(SealKind::Invoice, odd));
    let all = [
        SealWarning::Oversize,
        SealWarning::InvoiceForm,
        SealWarning::Aspect,
        SealWarning::NoAlpha,
    ];
    assert_eq!(seal.current().warnings, BTreeSet::from(all));
    assert!(company.create(new_seal("s", SealKind::Contract)).current().warnings.is_empty());
}

#[test]
fn r_seal_09_what_nobody_reviews_is_acknowledged_by_its_maker() {
    let company = Company::first();
    let wide = |acknowledged: &[SealWarning]| NewSeal {
        acknowledged: acknowledged.iter().copied().collect(),
        ..with_face(
            SealKind::Official,
            NewFace {
                source: SealSource::Generated,
                size: Some(SealSize::round(50)),
                ..uploaded(1)
            },
        )
    };
    assert_eq!(refused(&company, wide(&[])), "con.warning_unacknowledged");
    assert_eq!(refused(&company, wide(&[SealWarning::Aspect])), "con.warning_unacknowledged");
    let seal = company.create(wide(&[SealWarning::Oversize]));
    assert_eq!(seal.status(), SealStatus::Enabled);
    assert_eq!(seal.current().warnings, BTreeSet::from([SealWarning::Oversize]));
}

#[test]
fn r_seal_14_only_the_legal_representative_makes_his_seal() {
    let company = Company::first();
    let new = || new_seal("s", SealKind::LegalRepresentative);
    for employee in [&company.admin, &company.sealer, &company.alice] {
        let error =
            Seal::create(new(), &company.by(employee), &company.facts(), start()).unwrap_err();
        assert_eq!(error.code(), "seal.legal_rep_only");
    }
    assert!(
        Seal::create(new(), &company.by(&company.chief), &company.facts(), start()).is_ok(),
        "he needs no other permission"
    );
    let id = "chief".parse().unwrap();
    let himself = By::Person { id: &id, person: company.chief.person() };
    assert!(Seal::create(new(), &himself, &company.facts(), start()).is_ok());
    let stranger = By::Person { id: &id, person: company.alice.person() };
    let error = Seal::create(new(), &stranger, &company.facts(), start()).unwrap_err();
    assert_eq!(error.code(), "seal.legal_rep_only");
}

#[test]
fn r_seal_14_who_has_not_joined_is_not_yet_taken_for_the_legal_representative() {
    let company = Company::first();
    let invitation = Invitation::of(company.chief.person().clone());
    let (id, none) = ("again".parse().unwrap(), Holders::default());
    let organization = &company.organization;
    let invited =
        made(&Employee::invite(id, invitation, organization, &none, &By::System, start()).unwrap());
    let new = new_seal("s", SealKind::LegalRepresentative);
    let by = company.by(&invited);
    let error = Seal::create(new, &by, &company.facts(), start()).unwrap_err();
    assert_eq!(error.code(), "seal.legal_rep_only");
}

#[test]
fn seal_create_takes_an_active_organization_and_the_permission() {
    let company = Company::first();
    let new = || new_seal("s", SealKind::Contract);
    let create = |by: &By<'_>, facts: &SealFacts<'_>| {
        Seal::create(new(), by, facts, start()).map_err(|error| error.code())
    };
    let facts = company.facts();
    assert_eq!(create(&company.by(&company.alice), &facts).unwrap_err(), "emp.no_permission");
    assert_eq!(create(&By::System, &facts).unwrap_err(), "emp.no_permission");
    let other = Company::second();
    assert_eq!(create(&other.by(&other.sealer), &facts).unwrap_err(), "emp.no_permission");
    assert!(create(&company.by(&company.admin), &facts).is_ok());

    let suspended = company.suspended();
    let by = suspended.by(&suspended.sealer);
    assert_eq!(create(&by, &suspended.facts()).unwrap_err(), "org.suspended");
}

#[test]
fn seal_an_invoice_seal_carries_a_tax_number() {
    let company = Company::first();
    let seal = company.create(new_seal("s", SealKind::Invoice));
    let by_default = seal.tax_number().map(TaxNumber::as_str);
    assert_eq!(by_default, Some(company.organization.uscc().as_str()));
    let own = TaxNumber::parse("110108000000016").unwrap();
    let stated = NewSeal { tax_number: Some(own.clone()), ..new_seal("s", SealKind::Invoice) };
    assert_eq!(company.create(stated.clone()).tax_number(), Some(&own));
    let other = NewSeal { tax_number: Some(own), ..new_seal("s", SealKind::Contract) };
    assert_eq!(company.create(other).tax_number(), None);

    let by_letter = Company::authorized_by(
        "c",
        "纸鸢有限公司",
        "91350100M000100Y43",
        300,
        AuthorizationMethod::LetterOfAuthority,
    );
    let unstated = new_seal("s", SealKind::Invoice);
    assert_eq!(refused(&by_letter, unstated), "seal.tax_number_required");
    assert!(by_letter.create(stated).tax_number().is_some());
}

#[test]
fn seal_one_that_could_never_be_applied_is_refused() {
    let company = Company::first();
    let window = |from, until| NewSeal {
        valid_from: from,
        valid_until: until,
        ..new_seal("s", SealKind::Contract)
    };
    for (from, until) in [
        (Some(hours(2)), Some(hours(2))),
        (Some(hours(2)), Some(hours(1))),
        (None, Some(start())),
        (Some(hours(-9)), Some(hours(-1))),
    ] {
        assert_eq!(refused(&company, window(from, until)), "seal.outside_validity");
    }
    let seal = company.create(window(Some(hours(1)), Some(hours(2))));
    let seal = company.command(&seal, SealCommand::Approve);
    let tick = Duration::NANOSECOND;
    for (now, fits) in [(hours(1) - tick, false), (hours(1), true), (hours(2), false)] {
        let answer = seal.require_applicable(now).map_err(|error| error.code());
        assert_eq!(answer, if fits { Ok(()) } else { Err("seal.outside_validity") });
    }
}
