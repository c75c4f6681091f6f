//! Approval blocks: what stands beside the signature is part of what was permitted.

use sealwright::authorization::{ChainFacts, Register, authorize, record_signing};
use sealwright::contract::{
    ApprovalBlock, BlockChild, BlockPart, ControlKind, Input, Mark, Pick, SignatureMark,
    SignatureMethod, SigningWindow, TextStyle,
};
use sealwright::geometry::{Pt, Rect};

use crate::chain::Deal;
use crate::papers::{host_key, key, permitted, placed};
use crate::people::{digest, start};

fn block() -> ControlKind {
    let child = |part, down| BlockChild {
        part,
        rect: Rect::new(Pt(0.0), Pt(down), Pt(60.0), Pt(20.0)).unwrap(),
        required: true,
    };
    let children = [
        child(BlockPart::Signature(SignatureMark::default()), 0.0),
        child(BlockPart::MultiLineText(TextStyle::default()), 20.0),
    ];
    ControlKind::ApprovalBlock(ApprovalBlock::new(children).unwrap())
}

#[test]
fn r_sign_12_what_stands_in_an_approval_block_is_what_was_chosen() {
    let deal = Deal::of(|draft| {
        draft.with(|draft| draft.controls.push(placed("block_a", "sa", 600.0, block())))
    });
    let by = deal.a.by(&deal.a.alice);
    let (seals, grants, host) = ([&deal.seal], [&deal.grant], host_key());
    let facts = ChainFacts::of(&by, &seals, &grants);
    let register =
        Register { seals: &seals, grants: &grants, key: &host, window: SigningWindow::NO_MEETING };
    let inputs = vec![None, Some(Input::text("同意付款"))];
    let pick = Pick::Block { method: SignatureMethod::FreshStroke, inputs };
    let attempt = deal.attempt().choose(key("block_a"), pick);
    let recorded = |change: &dyn Fn(&mut Mark)| {
        let open = SigningWindow::NO_MEETING;
        let permit = authorize(&deal.contract, &attempt, &facts, open, start()).unwrap();
        let mut record = permitted(&deal.contract, &permit, Some(deal.a.alice.person()));
        let own = record.applications.iter_mut().find(|it| it.control == key("block_a")).unwrap();
        change(&mut own.mark);
        record_signing(&deal.contract, permit, record, &register, &by, start())
            .map(drop)
            .map_err(|error| (error.code(), error.to_string()))
    };
    assert_eq!(recorded(&|_| {}), Ok(()));
    let (code, text) = recorded(&|mark| {
        let Mark::Block { values, .. } = mark else { panic!("{mark:?}") };
        values.swap(0, 1);
    })
    .unwrap_err();
    assert_eq!(code, "sign.not_permitted");
    assert!(!text.contains("付款"), "{text}");
    let method = SignatureMethod::FreshStroke;
    let bare = recorded(&|mark| *mark = Mark::Signature { method, face: digest("stroke") });
    assert_eq!(bare.unwrap_err().0, "sign.not_permitted");
}
