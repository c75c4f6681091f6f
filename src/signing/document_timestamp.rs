//! Document time-stamps (ISO 32000-2 §12.8.5; PAdES, ETSI EN 319 142-1 §5.4.3): an authority's word
//! that all of a document, with every signature in it, existed at a time.

use std::fmt;

use time::{Duration, OffsetDateTime};

use super::error::Error;
use super::signed_update::SignedUpdate;
use super::timestamp_authority::TimestampAuthority;
use crate::digest::{Digest, DigestAlgorithm};
use crate::limits::{Progress, Unwatched};
use crate::pdf::File;
use crate::pki::{
    TimestampExpectation, TimestampRequest, TimestampResponse, TimestampToken, TrustAnchors,
};
use crate::update::{FieldChoice, Request, SubFilter, Update};

/// How often an authority is asked in all.
const ATTEMPTS: usize = 3;

/// What a token takes that carries its certificates, usually half of it.
const ROOM: usize = 16 << 10;

/// By how much an authority's clock and the host's may differ unless said otherwise.
const TOLERANCE: Duration = Duration::minutes(5);

/// One time-stamp over a document, as the last revision of it.
///
/// The steps, in order: [`DocumentTimestamp::on`] a file; [`DocumentTimestamp::existing_field`] if a
/// field was kept for it; then [`DocumentTimestamp::stamp`] with an authority at hand, or
/// [`DocumentTimestamp::prepare`] and [`AwaitingTimestamp::finish`] where the host asks itself.
///
/// Every certification and every lock leaves a document time-stamp permitted, in a new field too;
/// other software may dispute a new one in a certified document, so keep one
/// ([`Preparation::closing`](crate::update::Preparation::closing)).
///
/// ```
/// use sealwright::limits::Limits;
/// use sealwright::pdf::File;
/// use sealwright::signing::{DocumentTimestamp, SignerError, TimestampAuthority};
/// # use sealwright_testdata::pki::{KeyType, Validity};
/// # use sealwright_testdata::tsa::Tsa;
/// # let now = time::OffsetDateTime::from_unix_timestamp(1_767_225_600)?;
/// # let tsa = Tsa::new(KeyType::P256, Validity::around(now));
/// # struct Service(Tsa, time::OffsetDateTime);
/// # impl TimestampAuthority for Service {
/// #     fn stamp(&self, request: &[u8]) -> Result<Vec<u8>, SignerError> {
/// #         Ok(self.0.answer(request, self.1))
/// #     }
/// # }
/// # let service = Service(tsa, now);
/// # let bytes = sealwright_testdata::documents::classic_table();
///
/// let file = File::open(&bytes, Limits::default())?;
/// // From the operating system: a number that nobody can guess, another one for each request.
/// let mut nonce = || 0x5EED_5EED_5EED_5EED_u64;
/// let stamped = DocumentTimestamp::on(&file).stamp(&service, &mut nonce, now)?;
/// assert_eq!(stamped.facts.time, now);
///
/// let mut out = Vec::new();
/// stamped.update.write_to(&mut out)?;
/// assert!(out.starts_with(&bytes));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "nothing is stamped before `stamp` or `prepare`"]
#[derive(Clone)]
pub struct DocumentTimestamp<'f> {
    file: &'f File<'f>,
    field: Field,
    algorithm: DigestAlgorithm,
    room: usize,
    tolerance: Duration,
    anchors: Option<&'f TrustAnchors>,
    progress: &'f (dyn Progress + Sync),
}

#[derive(Clone)]
enum Field {
    New(Option<String>),
    Existing(String),
}

impl<'f> DocumentTimestamp<'f> {
    /// Begins with the document: SHA-256, in a new field, with 16 KiB for the token; an authority
    /// whose time is within five minutes of the host's, whoever vouches for it.
    pub fn on(file: &'f File<'_>) -> Self {
        Self {
            file,
            field: Field::New(None),
            algorithm: DigestAlgorithm::Sha256,
            room: ROOM,
            tolerance: TOLERANCE,
            anchors: None,
            progress: &Unwatched,
        }
    }

    /// A name for the new field, without dots. A name that is taken gets a number.
    pub fn field(self, name: impl Into<String>) -> Self {
        Self { field: Field::New(Some(name.into())), ..self }
    }

    /// Uses an empty signature field of the document, by its fully qualified name.
    pub fn existing_field(self, name: impl Into<String>) -> Self {
        Self { field: Field::Existing(name.into()), ..self }
    }

    /// Another digest than SHA-256; SHA-1 is refused when it is prepared.
    pub fn digest_algorithm(self, algorithm: DigestAlgorithm) -> Self {
        Self { algorithm, ..self }
    }

    /// How many bytes are reserved for the token.
    pub fn room(self, bytes: usize) -> Self {
        Self { room: bytes, ..self }
    }

    /// By how much the time of the stamp may be before or after the host's.
    pub fn tolerance(self, tolerance: Duration) -> Self {
        Self { tolerance, ..self }
    }

    /// To whom the authority's certificate must lead at the time of the stamp.
    pub fn trusting(self, anchors: &'f TrustAnchors) -> Self {
        Self { anchors: Some(anchors), ..self }
    }

    /// Who watches the pass over the document, and may cancel.
    pub fn progress(self, progress: &'f (dyn Progress + Sync)) -> Self {
        Self { progress, ..self }
    }

    /// Makes the revision and hashes the document, in one pass. `nonce` ties the answer to this
    /// request: a number that nobody can guess, new each time.
    ///
    /// The same document, settings and nonce make the same request, to the last bit: another process
    /// that got the answer prepares again instead of keeping anything.
    ///
    /// # Errors
    ///
    /// If the document cannot be extended, the field is not empty, or the host cancels.
    pub fn prepare(&self, nonce: u64) -> Result<AwaitingTimestamp<'f>, Error> {
        if !self.algorithm.is_strong() {
            return Err(Error::WeakImprint { algorithm: self.algorithm });
        }
        let field = match &self.field {
            Field::New(name) => FieldChoice::New { name: name.as_deref() },
            Field::Existing(name) => FieldChoice::Existing { name },
        };
        // A time-stamp's dictionary has no time of its own.
        let unsaid = OffsetDateTime::UNIX_EPOCH;
        let request = Request { field, ..Request::invisible(SubFilter::Rfc3161, unsaid) };
        let update = Update::prepare(self.file, &request, self.room)?;
        self.hashed(update, nonce)
    }

    fn hashed(&self, update: Update, nonce: u64) -> Result<AwaitingTimestamp<'f>, Error> {
        let covered = update.digest(self.file, self.algorithm, self.progress)?;
        let request = TimestampRequest::new(covered.document, nonce);
        Ok(AwaitingTimestamp { asked: self.clone(), update, request })
    }

    /// All of it, with an authority that answers at once. `nonces` is asked for a new number before
    /// each request; where a token turns out larger than what was reserved for it, another one is
    /// asked for, over a document with more room.
    ///
    /// # Errors
    ///
    /// As [`DocumentTimestamp::prepare`] and [`AwaitingTimestamp::finish`]; [`Error::Authority`] if
    /// there is no answer; [`Error::DoesNotFit`] if the tokens grow and grow.
    pub fn stamp(
        &self,
        authority: &dyn TimestampAuthority,
        nonces: &mut dyn FnMut() -> u64,
        now: OffsetDateTime,
    ) -> Result<Stamped<'f>, Error> {
        let mut awaiting = self.prepare(nonces())?;
        for _ in 1..ATTEMPTS {
            match awaiting.ask(authority, now)? {
                TimestampFinish::Stamped(stamped) => return Ok(*stamped),
                TimestampFinish::NeedsMore { needed } => {
                    awaiting = awaiting.with_room(needed, nonces())?;
                }
            }
        }
        match awaiting.ask(authority, now)? {
            TimestampFinish::Stamped(stamped) => Ok(*stamped),
            TimestampFinish::NeedsMore { needed } => {
                Err(Error::DoesNotFit { needed, reserved: awaiting.room() })
            }
        }
    }
}

/// A document that waits for its time-stamp. Made by [`DocumentTimestamp::prepare`].
///
/// ```
/// # use sealwright::limits::Limits;
/// # use sealwright::pdf::File;
/// # use sealwright_testdata::pki::{KeyType, Validity};
/// # use sealwright_testdata::tsa::Tsa;
/// # let now = time::OffsetDateTime::from_unix_timestamp(1_767_225_600)?;
/// # let tsa = Tsa::new(KeyType::P256, Validity::around(now));
/// # let bytes = sealwright_testdata::documents::classic_table();
/// use sealwright::signing::{DocumentTimestamp, TimestampFinish};
///
/// let file = File::open(&bytes, Limits::default())?;
/// let awaiting = DocumentTimestamp::on(&file).prepare(0x5EED_5EED_5EED_5EED)?;
/// // To be sent away as `application/timestamp-query` …
/// let response = tsa.answer(&awaiting.request(), now);
/// match awaiting.finish(&response, now)? {
///     TimestampFinish::Stamped(stamped) => assert_eq!(stamped.facts.policy, "1.2.3.4.1"),
///     TimestampFinish::NeedsMore { needed } => panic!("ask again, for {needed} bytes"),
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "nothing is stamped yet: send the request, and `finish` with the response"]
pub struct AwaitingTimestamp<'f> {
    asked: DocumentTimestamp<'f>,
    update: Update,
    request: TimestampRequest,
}

/// What became of an answer.
#[must_use]
#[derive(Debug)]
pub enum TimestampFinish<'f> {
    /// The document is stamped.
    Stamped(Box<Stamped<'f>>),
    /// The token is larger than what was reserved for it; nothing is cut. It is of no use any more:
    /// go on with [`AwaitingTimestamp::with_room`] and another answer.
    NeedsMore {
        /// The size of the token in bytes.
        needed: usize,
    },
}

/// A document with its time-stamp.
#[derive(Debug)]
#[must_use = "write it out: nothing of it is in the document yet"]
pub struct Stamped<'f> {
    /// What is appended.
    pub update: SignedUpdate<'f>,
    /// What the token says.
    pub facts: TimestampFacts,
}

/// What a token says that was accepted: facts to be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimestampFacts {
    /// Its serial number in lower-case hexadecimal digits.
    pub serial: String,
    /// The time it vouches for, in UTC.
    pub time: OffsetDateTime,
    /// The authority's policy, dotted.
    pub policy: String,
}

impl<'f> AwaitingTimestamp<'f> {
    /// The DER of the TimeStampReq, to be sent to an authority (RFC 3161 §3.4 over HTTP).
    #[must_use]
    pub fn request(&self) -> Vec<u8> {
        self.request.to_der()
    }

    /// The digest of everything that is stamped.
    #[must_use]
    pub fn document_digest(&self) -> &Digest {
        self.request.imprint()
    }

    /// The largest token in bytes that fits.
    #[must_use]
    pub fn room(&self) -> usize {
        self.update.room()
    }

    /// The name of the field.
    #[must_use]
    pub fn field_name(&self) -> &str {
        self.update.field_name()
    }

    /// Takes the TimeStampResp: checks that it is what was asked for, puts the token into the gap, and
    /// reads the whole back as a strict reader would. The host's time is `now`.
    ///
    /// # Errors
    ///
    /// [`Error::Timestamp`] with the first thing that is wrong with the answer; [`Error::Update`] if
    /// the result does not read back. What waits still waits: a better answer may follow.
    pub fn finish(
        &self,
        response: &[u8],
        now: OffsetDateTime,
    ) -> Result<TimestampFinish<'f>, Error> {
        let DocumentTimestamp { file, tolerance, anchors, .. } = self.asked;
        let limits = file.limits();
        let response = TimestampResponse::parse(response, limits)
            .map_err(crate::pki::TimestampRefusal::from)?;
        let expected = TimestampExpectation { now, tolerance, anchors };
        let token = self.request.accept(&response, &expected, limits)?;
        let bytes = response.token().unwrap_or_default();
        if bytes.len() > self.room() {
            return Ok(TimestampFinish::NeedsMore { needed: bytes.len() });
        }
        let embedded = self.update.embed(file, bytes)?;
        let update = SignedUpdate::new(file, embedded, *self.document_digest());
        let facts = TimestampFacts::of(&token);
        Ok(TimestampFinish::Stamped(Box::new(Stamped { update, facts })))
    }

    /// The same with more room, and so another digest and another request, with a nonce of its own.
    ///
    /// # Errors
    ///
    /// As [`DocumentTimestamp::prepare`]; `sign.gap_too_large` for more than any token needs.
    pub fn with_room(&self, needed: usize, nonce: u64) -> Result<Self, Error> {
        // The next token may be a little larger.
        let room = needed.saturating_add(needed / 8);
        let update = self.update.with_room(self.asked.file, room)?;
        self.asked.hashed(update, nonce)
    }

    fn ask(
        &self,
        authority: &dyn TimestampAuthority,
        now: OffsetDateTime,
    ) -> Result<TimestampFinish<'f>, Error> {
        let response = authority.stamp(&self.request()).map_err(Error::Authority)?;
        self.finish(&response, now)
    }
}

impl fmt::Debug for AwaitingTimestamp<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AwaitingTimestamp")
            .field("byte_range", self.update.byte_range())
            .field("request", &self.request)
            .finish_non_exhaustive()
    }
}

impl TimestampFacts {
    fn of(token: &TimestampToken<'_>) -> Self {
        Self { serial: token.serial(), time: token.time(), policy: token.policy().to_owned() }
    }
}
