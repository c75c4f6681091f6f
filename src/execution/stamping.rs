//! Where the time-stamps come from that close the documents of a contract.

use time::{Duration, OffsetDateTime};

use super::Error;
use super::documents::Documents;
use super::fields::CLOSING;
use super::means::Means;
use crate::contract::{Contract, Document};
use crate::digest::DigestAlgorithm;
use crate::identity::DocumentId;
use crate::pdf::File;
use crate::pki::TrustAnchors;
use crate::signing::{self, DocumentTimestamp, Stamped, TimestampAuthority, TimestampFinish};

/// The time-stamps that close the documents of a contract: where they come from, and what is demanded
/// of them.
///
/// ```
/// use sealwright::execution::{StampOptions, StampSource, Stamping};
/// use sealwright::pki::TrustAnchors;
/// use sealwright::signing::TimestampAuthority;
///
/// fn from<'a>(
///     authority: &'a dyn TimestampAuthority,
///     nonces: &'a mut dyn FnMut() -> u64,
///     anchors: &'a TrustAnchors,
/// ) -> Stamping<'a> {
///     let source = StampSource::Authority { authority, nonces };
///     Stamping { source, options: StampOptions { anchors: Some(anchors), ..StampOptions::default() } }
/// }
/// ```
pub struct Stamping<'a> {
    /// Where they come from.
    pub source: StampSource<'a>,
    /// What is demanded of them.
    pub options: StampOptions<'a>,
}

/// Where time-stamps come from.
pub enum StampSource<'a> {
    /// An authority that is asked once for each document.
    Authority {
        /// It.
        authority: &'a dyn TimestampAuthority,
        /// Numbers that nobody can guess, a new one for each request.
        nonces: &'a mut dyn FnMut() -> u64,
    },
    /// What an authority answered to the requests of [`closing_requests`].
    Answers(&'a [ClosingAnswer]),
}

/// What is demanded of a time-stamp; the same for the request and for its answer.
#[derive(Clone, Copy, Debug)]
pub struct StampOptions<'a> {
    /// By how much its time may be before or after the host's; five minutes unless said otherwise.
    pub tolerance: Duration,
    /// To whom the authority's certificate must lead; not asked unless said otherwise.
    pub anchors: Option<&'a TrustAnchors>,
    /// How many bytes are reserved for the token; 16 KiB unless said otherwise.
    pub room: usize,
    /// The digest that is stamped; SHA-256 unless said otherwise.
    pub algorithm: DigestAlgorithm,
}

impl Default for StampOptions<'_> {
    fn default() -> Self {
        Self {
            tolerance: Duration::minutes(5),
            anchors: None,
            room: 16 << 10,
            algorithm: DigestAlgorithm::Sha256,
        }
    }
}

/// A request for the time-stamp that closes a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClosingRequest {
    /// The document.
    pub document: DocumentId,
    /// To be handed in with the answer.
    pub nonce: u64,
    /// The DER of the TimeStampReq, to be sent to an authority (RFC 3161 §3.4 over HTTP).
    pub request: Vec<u8>,
}

/// What an authority answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClosingAnswer {
    /// The document.
    pub document: DocumentId,
    /// That of the request.
    pub nonce: u64,
    /// The TimeStampResp as it came.
    pub response: Vec<u8>,
}

/// The requests for the time-stamps of all documents, for a host that asks an authority itself; the
/// answers go into [`complete`](super::complete()) with the same options.
///
/// Nothing has to be kept but the nonces: the same documents, options and nonces give the same
/// requests.
///
/// # Errors
///
/// As [`complete`](super::complete()), without the checks of the documents.
///
/// ```
/// # use sealwright::contract::Contract;
/// # use sealwright::execution::{self, ClosingAnswer, Documents, Error, Means, StampOptions};
/// fn ask(
///     (contract, documents): (&Contract, &Documents<'_>),
///     means: &Means<'_>,
///     nonces: &mut dyn FnMut() -> u64,
///     post: impl Fn(&[u8]) -> Vec<u8>,
/// ) -> Result<Vec<ClosingAnswer>, Error> {
///     let options = StampOptions::default();
///     let asked = execution::closing_requests(contract, documents, means, &options, nonces)?;
///     let answers = asked.into_iter().map(|it| ClosingAnswer {
///         response: post(&it.request),
///         document: it.document,
///         nonce: it.nonce,
///     });
///     Ok(answers.collect())
/// }
/// ```
pub fn closing_requests(
    contract: &Contract,
    documents: &Documents<'_>,
    means: &Means<'_>,
    options: &StampOptions<'_>,
    nonces: &mut dyn FnMut() -> u64,
) -> Result<Vec<ClosingRequest>, Error> {
    require_open(contract)?;
    let _ = documents.check(contract)?;
    let request = |document: &Document| {
        let (nonce, id) = (nonces(), document.id());
        let asked = asked(documents.require(id)?, options, means)?;
        let awaiting = asked.prepare(nonce).map_err(|it| Error::signing(id, it))?;
        Ok(ClosingRequest { document: id.clone(), nonce, request: awaiting.request() })
    };
    contract.documents().iter().map(request).collect()
}

/// That no document has the time-stamp that closes it.
pub(super) fn require_open(contract: &Contract) -> Result<(), Error> {
    match contract.documents().iter().find(|it| it.closed_by().is_some()) {
        Some(document) => Err(Error::AlreadyClosed { document: document.id().clone() }),
        None => Ok(()),
    }
}

impl Stamping<'_> {
    /// The time-stamp of one document.
    pub(super) fn stamp<'f>(
        &mut self,
        document: &DocumentId,
        file: &'f File<'_>,
        means: &'f Means<'_>,
        now: OffsetDateTime,
    ) -> Result<Stamped<'f>, Error>
    where
        Self: 'f,
    {
        let failed = |it| Error::signing(document, it);
        let asked = asked(file, &self.options, means)?;
        match &mut self.source {
            StampSource::Authority { authority, nonces } => {
                asked.stamp(*authority, *nonces, now).map_err(failed)
            }
            StampSource::Answers(answers) => {
                let missing = || Error::StampMissing { document: document.clone() };
                let answer = answers.iter().find(|it| it.document == *document);
                let ClosingAnswer { nonce, response, .. } = answer.ok_or_else(missing)?;
                let awaiting = asked.prepare(*nonce).map_err(failed)?;
                match awaiting.finish(response, now).map_err(failed)? {
                    TimestampFinish::Stamped(stamped) => Ok(*stamped),
                    TimestampFinish::NeedsMore { needed } => {
                        let reserved = awaiting.room();
                        Err(failed(signing::Error::DoesNotFit { needed, reserved }))
                    }
                }
            }
        }
    }
}

/// In the field that was kept for it; where there is none, in a new one.
fn asked<'f>(
    file: &'f File<'_>,
    options: &StampOptions<'f>,
    means: &Means<'f>,
) -> Result<DocumentTimestamp<'f>, Error> {
    let fields = file.latest().fields()?;
    let kept =
        fields.iter().any(|it| it.name == CLOSING && it.is_signature() && it.value.is_none());
    let stamp = DocumentTimestamp::on(file)
        .tolerance(options.tolerance)
        .room(options.room)
        .digest_algorithm(options.algorithm)
        .progress(means.progress);
    let stamp = match options.anchors {
        Some(anchors) => stamp.trusting(anchors),
        None => stamp,
    };
    Ok(if kept { stamp.existing_field(CLOSING) } else { stamp.field(CLOSING) })
}
