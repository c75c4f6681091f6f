//! Views as meetings give them, and the pictures they name.

use sealwright::appearance::design::{RoundSeal, SealDesign};
use sealwright::appearance::{Font, SealFace};
use sealwright::authorization::SealSize;
use sealwright::ceremony::board::{BoardPicture, PictureBook};
use sealwright::ceremony::{
    AppliedSeal, AppliedSignature, Overall, PartyResult, Phase, Picture, PictureRules, Role,
    SeatResult, ShownDocument, Side, SignResultView, SignerResult, Template,
};
use sealwright::contract::{ContractName, SignatureMethod, SlotState};
use sealwright::digest::{Digest, DigestAlgorithm};
use sealwright::identity::{ContractId, OrganizationName, PersonName};
use sealwright_testdata::{font, handwriting};
use time::{Duration, OffsetDateTime, UtcOffset};

/// When the meeting starts.
const START: OffsetDateTime = time::macros::datetime!(2026-11-23 02:00 UTC);

/// What a meeting has come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sealed {
    /// Nobody has signed.
    Nothing,
    /// The signers of this many parties have.
    By(usize),
    /// So many have, then somebody declined.
    StoppedAfter(usize),
}

/// A view and its pictures.
pub struct Meeting {
    /// The view.
    pub view: SignResultView,
    /// The pictures that it names.
    pub pictures: PictureBook<'static>,
}

impl Meeting {
    /// Companies of these names, each with so many signers; the organizer left.
    pub fn of(title: &str, companies: &[&str], signers: usize) -> Self {
        let parties = companies.iter().enumerate().map(|(place, name)| PartyResult {
            party: format!("p{place}").parse().unwrap(),
            organization: OrganizationName::parse(name).unwrap(),
            logo: None,
            side: Some(if place % 2 == 0 { Side::Left } else { Side::Right }),
            signers: (0..signers).map(|one| signer(place, one)).collect(),
        });
        let mut meeting = Self {
            view: SignResultView {
                title: title.to_owned(),
                starts_at: Some(START),
                utc_offset: offset_of(8),
                phase: Phase::Live,
                overall: Overall::Waiting,
                background: None,
                parties: parties.collect(),
                seats: Vec::new(),
                documents: Vec::new(),
            },
            pictures: PictureBook::new(),
        };
        meeting.view.documents.push(document("战略合作框架协议", 1, 12));
        meeting.seat(0);
        meeting
    }

    /// Two companies with a signer each, logos, and four guests.
    pub fn of_two() -> Self {
        let companies = ["万方集团(深圳)有限公司", "上海百年股份有限公司"];
        let mut meeting = Self::of("万方集团与百年股份战略合作签约仪式", &companies, 1);
        for (place, colour) in [(0, [24, 90, 170]), (1, [14, 120, 110])] {
            meeting.logo(place, colour);
        }
        meeting.seat(4);
        meeting
    }

    /// With seats for all signers and so many guests.
    pub fn seat(&mut self, guests: usize) {
        let surnames = ["王", "李", "赵", "陈", "杨", "黄", "周", "吴", "刘", "张"];
        let mut sides = [Vec::new(), Vec::new()];
        for (place, party) in self.view.parties.iter().enumerate() {
            for one in &party.signers {
                sides[place % 2].push((one.participant.clone(), one.name.clone(), Role::Signer));
            }
        }
        for guest in 0..guests {
            let name = format!("{}{}", surnames[guest % 10], ["明远", "海", "思齐"][guest % 3]);
            let name = PersonName::parse(&name).unwrap();
            let id = format!("guest{guest}").parse().unwrap();
            sides[guest % 2].push((id, name.into(), Role::Observer));
        }
        let most = sides.iter().map(Vec::len).max().unwrap();
        let template = Template::symmetric(u16::try_from(most).unwrap());
        self.view.seats.clear();
        for (side, people) in [Side::Left, Side::Right].into_iter().zip(sides) {
            let free = template.seats().iter().filter(|seat| seat.side == side);
            self.view.seats.extend(free.zip(people).map(|(seat, (participant, name, role))| {
                let (seat, x, y) = (seat.id.clone(), seat.x, seat.y);
                SeatResult { seat, participant, name, role, side, x, y }
            }));
        }
    }

    /// As it is after these have signed: each with the seal of his company, and by hand.
    pub fn signed(mut self, sealed: Sealed) -> Self {
        let (done, stopped) = match sealed {
            Sealed::Nothing => (0, false),
            Sealed::By(done) => (done, false),
            Sealed::StoppedAfter(done) => (done, true),
        };
        let all = self.view.parties.len();
        for place in 0..done.min(all) {
            self.sign(place);
        }
        self.view.overall = match (stopped, done) {
            (true, _) => Overall::Stopped,
            (_, 0) => Overall::Waiting,
            (_, done) if done >= all => Overall::Completed,
            _ => Overall::Partial,
        };
        if stopped {
            for one in self.view.parties.iter_mut().skip(done).flat_map(|party| &mut party.signers)
            {
                let state = if one.states[0].1 == SlotState::ToSign {
                    SlotState::Declined
                } else {
                    SlotState::Stopped
                };
                one.states[0].1 = state;
            }
        }
        self
    }

    /// A seal of the register: a round one with the name of the company.
    pub fn seal_of(&mut self, place: usize, line: &str) -> Digest {
        let name = self.view.parties[place].organization.to_string();
        let font = Font::from_bytes(font::NOTO_SERIF_SC.to_vec(), 0).unwrap();
        let size = SealSize { width: 42, height: 42 };
        let seal = RoundSeal::new(&name, size).unwrap().line(line).unwrap();
        let face: SealFace = SealDesign::from(seal).face(&font).unwrap();
        let svg = face.to_svg().unwrap();
        let digest = digest(&format!("{name} {line}"));
        self.add(digest, svg.into_bytes());
        digest
    }

    /// Applied by the first signer of a party, so many times.
    pub fn apply(&mut self, place: usize, face: Digest, times: usize) {
        let at = START + Duration::minutes(42);
        let signer = &mut self.view.parties[place].signers[0];
        for _ in 0..times {
            signer.seals.push(AppliedSeal {
                contract: contract(),
                document: "doc_1".parse().unwrap(),
                seal: format!("seal_{}_{}", place, &face.to_hex()[..4]).parse().unwrap(),
                version: 1,
                face,
                at,
            });
        }
    }

    /// A background, plain as paper.
    pub fn background(&mut self, colour: [u8; 3]) {
        let png = plain(320, 180, colour);
        let picture = Picture::read(&png, &PictureRules::default()).unwrap();
        self.add(picture.digest(), png);
        self.view.background = Some(picture);
    }

    /// So many documents instead of one.
    pub fn documents(&mut self, count: u32) {
        self.view.documents = (1..=count)
            .map(|number| {
                document(&format!("合作协议附件之{number}：产品与服务清单"), number, number)
            })
            .collect();
    }

    fn sign(&mut self, place: usize) {
        let face = self.seal_of(place, "合同专用章");
        self.apply(place, face, 2);
        let strokes = digest("strokes");
        self.add(strokes, strokes_svg().into_bytes());
        for (number, one) in self.view.parties[place].signers.iter_mut().enumerate() {
            let minutes = i64::try_from(20 + place * 3 + number).unwrap();
            let at = START + Duration::minutes(minutes) + Duration::seconds(17);
            one.states[0].1 = SlotState::Signed;
            one.signed_at = Some(at);
            one.signatures.push(AppliedSignature {
                contract: contract(),
                document: "doc_1".parse().unwrap(),
                method: SignatureMethod::FreshStroke,
                face: strokes,
                at,
            });
        }
    }

    fn logo(&mut self, place: usize, colour: [u8; 3]) {
        let png = plain(300, 100, colour);
        let picture = Picture::read(&png, &PictureRules::default()).unwrap();
        self.add(picture.digest(), png);
        self.view.parties[place].logo = Some(picture);
    }

    fn add(&mut self, digest: Digest, bytes: Vec<u8>) {
        let picture = BoardPicture::read(bytes, &PictureRules::default()).unwrap();
        self.pictures = std::mem::take(&mut self.pictures).with(digest, picture);
    }
}

/// So many hours east of Greenwich.
pub fn offset_of(hours: i8) -> UtcOffset {
    UtcOffset::from_hms(hours, 0, 0).unwrap()
}

fn signer(party: usize, number: usize) -> SignerResult {
    let names = ["王方", "张明远", "李思齐", "欧阳海", "陈立", "赵云舟"];
    let name = names[(party * 2 + number) % names.len()];
    let state = if number == 0 { SlotState::ToSign } else { SlotState::WaitingTurn };
    SignerResult {
        participant: format!("s{party}-{number}").parse().unwrap(),
        name: PersonName::parse(name).unwrap().into(),
        states: vec![(contract(), state)],
        signed_at: None,
        seals: Vec::new(),
        signatures: Vec::new(),
    }
}

fn contract() -> ContractId {
    "con_01".parse().unwrap()
}

fn document(name: &str, number: u32, pages: u32) -> ShownDocument {
    ShownDocument {
        contract: contract(),
        name: ContractName::parse(name).unwrap(),
        document: format!("doc_{number}").parse().unwrap(),
        digest: digest(name),
        pages,
    }
}

fn digest(text: &str) -> Digest {
    Digest::of(DigestAlgorithm::Sha256, text.as_bytes())
}

/// A logo as a plain picture has it: a disc and a bar.
fn plain(width: u32, height: u32, [red, green, blue]: [u8; 3]) -> Vec<u8> {
    let image = image::RgbaImage::from_fn(width, height, |x, y| {
        let (across, down) =
            (i64::from(x) - i64::from(height) / 2, i64::from(y) - i64::from(height) / 2);
        let is_disc = across * across + down * down < i64::from(height * height) / 6;
        let is_bar = x > height && y > height / 3 && y < height * 2 / 3;
        let is_seen = width == 320 || is_disc || is_bar;
        image::Rgba([red, green, blue, if is_seen { 255 } else { 0 }])
    });
    let mut bytes = Vec::new();
    image.write_to(&mut std::io::Cursor::new(&mut bytes), image::ImageFormat::Png).unwrap();
    bytes
}

fn strokes_svg() -> String {
    let (width, height) = handwriting::CANVAS;
    let line = |stroke: Vec<(f64, f64, u32)>| {
        let points: Vec<_> = stroke.iter().map(|(x, y, _)| format!("{x:.1},{y:.1}")).collect();
        format!(
            "<polyline points=\"{}\" fill=\"none\" stroke=\"#14141e\" stroke-width=\"7\" \
             stroke-linecap=\"round\" stroke-linejoin=\"round\"/>",
            points.join(" ")
        )
    };
    let strokes: String = handwriting::signature().into_iter().map(line).collect();
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\">{strokes}</svg>"
    )
}
