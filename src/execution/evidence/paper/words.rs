//! The words of the report for people: one catalogue, both languages side by side.

use time::{OffsetDateTime, UtcOffset};

use crate::report::{Lang, fill};

macro_rules! words {
    ($($name:ident $en:literal $zh:literal;)*) => {
        /// Something that the report says; `{0}`, `{1}` … stand for values.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Word { $($name,)* }

        impl Word {
            /// Every one there is.
            #[cfg(test)]
            pub(super) const ALL: &'static [Self] = &[$(Self::$name),*];

            pub(super) fn says(self, lang: Lang) -> &'static str {
                match lang {
                    Lang::En => match self { $(Self::$name => $en,)* },
                    Lang::Zh => match self { $(Self::$name => $zh,)* },
                }
            }
        }
    };
}

words! {
    Title "Evidence report on an electronic contract" "电子合同签署证据报告";
    ShortTitle "Evidence report" "证据报告";
    Subject "Evidence on the signing of contract {0}" "合同 {0} 的签署证据";
    SealPlace "Seal of the issuer" "出具方签章处";
    Caution "This report states facts and what each of them rests on. It does not say whether the contract or a signature is valid in law: that is for a court or an arbitrator to decide."
        "本报告仅陈述事实及其依据，不对合同或签名的法律效力作出判断；该判断由人民法院或仲裁机构作出。";
    None "none" "无";
    Unknown "unknown" "未知";
    NotRecorded "not recorded" "未记录";
    Colon "{0}: {1}" "{0}：{1}";

    VerdictExpected "Intact. Every signature holds, and every document is what the record of the contract says."
        "完整。全部签名验证通过，各文件均与合同记录一致。";
    VerdictForeign "Intact, but not all as recorded: {0} deviation(s), listed in the chapter on deviations."
        "完整，但并非全部与记录一致：共 {0} 项偏差，见“核对偏差”一章。";
    VerdictTampered "TAMPERED WITH. A signature does not hold, or a document is not what was signed: {0} deviation(s)."
        "已被篡改。存在无效签名，或文件与所签内容不符：共 {0} 项偏差。";
    VerdictUnsigned "NO SIGNATURE. No document carries a signature." "没有签名。各文件均未载有签名。";
    VerdictMalformed "CANNOT BE JUDGED. A document is missing or cannot be read." "无法判定。文件缺失或无法读取。";

    Contract "The contract" "合同";
    ContractTitle "Title" "合同名称";
    ContractId "Contract id" "合同标识";
    ContractNumber "Contract number" "合同编号";
    State "State" "状态";
    StateCompleted "completed" "已完成签署";
    StateReleased "released by agreement" "已解除";
    Initiator "Initiated by" "发起方";
    InitiatedBy "{0}, employee {1}" "{0}，经办员工 {1}";
    StartedAt "Signing begun" "发起签署时间";
    Deadline "Deadline of signing" "签署截止时间";
    Releases "Releases contract" "解除的合同";
    ReleasedBy "Released by contract" "解除本合同的合同";
    Parties "Parties" "当事方";
    Documents "Documents" "合同文件";
    Signatures "Signatures" "签名";
    CountDocuments "{0} document(s), {1} page(s)" "共 {0} 份，{1} 页";
    CountSignatures "{0} signature(s) in the documents, {1} of signers" "文件中共 {0} 个签名，其中签署人签名 {1} 个";
    IssuedAt "Date of issue" "出具时间";
    GatheredAt "Evidence gathered" "取证时间";
    Requester "Requested by" "申请出证方";
    RequestedAs "{0}, {1} (employee {2})" "{0}，{1}（员工 {2}）";
    SuperAdmin "super administrator" "超级管理员";
    LegalRepresentative "legal representative" "法定代表人";
    ReportNumber "Report number" "出证编号";
    HeadHash "Head of the audit trail" "审计链末端哈希";
    Times "Times are given in {0}." "本报告时间均为 {0} 时间。";
    Meeting "The signing ceremony" "签约仪式";
    MeetingId "Ceremony" "仪式标识";
    Organizer "Held by" "主办方";
    Planned "Planned" "计划时间";
    FromTo "{0} to {1}" "{0} 至 {1}";

    PartiesAndSeals "Parties and their seals" "当事方与印章";
    PartyId "Party" "当事方标识";
    Organization "Organization" "单位";
    CreditCode "Unified social credit code" "统一社会信用代码";
    Role "Role in the contract" "合同角色";
    NaturalPerson "natural person" "自然人";
    Seal "Seal" "印章";
    SealVersion "{0}, version {1}" "{0}，第 {1} 版";
    SealKind "Kind of seal" "印章类型";
    SealOwner "Owner" "印章所属";
    SealFace "Face digest (SHA-256)" "印模摘要（SHA-256）";
    SealSeen "Shown in" "显示处数";
    SealSeenIn "{0} place(s) of the signature" "签名中共 {0} 处";
    Grant "Grant of use" "用印授权";
    GrantWindow "{0}: from {1} until {2}" "{0}：{1} 至 {2}";
    GrantRevoked "revoked {0}" "已于 {0} 撤销";
    Unlimited "no end" "长期";
    KindOfficial "official seal" "公章";
    KindContract "contract seal" "合同专用章";
    KindFinance "finance seal" "财务专用章";
    KindPersonnel "personnel seal" "人事专用章";
    KindInvoice "invoice seal" "发票专用章";
    KindLegal "legal representative's seal" "法定代表人章";
    KindOther "another seal ({0})" "其他印章（{0}）";
    Copy "COPY · 副本 · COPY" "副本 · COPY · 副本";
    CopyAbove "PICTURE FROM THE REGISTER" "登记印模图样";
    CopyBelow "copy for comparison, not a sealing" "仅供比对，并非用印";
    CopyAlt "Copy of the registered face of seal {0}, version {1}; a picture for comparison, not a sealing"
        "印章 {0} 第 {1} 版登记印模的副本，仅供比对，并非用印";
    NoPicture "The register gave no picture of this face." "登记处未提供该印模图样。";
    OtherPicture "The register's picture has another face digest and is not shown: {0}" "登记处提供的图样摘要不同，故不予显示：{0}";
    CopyNotice "The pictures below come from the register of seals and are compared by their digest with what the documents show. They carry the word COPY, stand in a frame, and are drawings on the page: no signature stands behind them. The seals themselves stand in the contract's documents, at the places listed."
        "以下图样取自印章登记，并以摘要与文件中显示的印模比对。图样加框并标注“副本”，仅为页面图形，其后没有任何签名；印章本身位于所列合同文件的相应位置。";
    WherePlaced "Where it stands" "用印位置";
    NoSeal "This party applied no seal." "该当事方未使用印章。";
    Document "Document" "文件";
    Control "Control" "控件";
    Page "Page" "页";
    Place "Left, top, width × height (mm)" "左、上、宽 × 高（毫米）";

    SignaturesChapter "The signatures" "各签署方的签名";
    SignatureOf "{0} · {1}" "{0} · {1}";
    Signer "Signer (masked)" "签署人（脱敏）";
    NoHuman "signed by the system, without a human act" "由系统自动签署，无人工操作";
    Capacity "Capacity" "签署身份";
    IdentityReference "Identity document" "证件";
    SignedAt "Recorded at" "记录的签署时间";
    TimeSource "Source of the time" "时间来源";
    TimeLocal "clock of the host" "平台时钟";
    TimeTrusted "trusted time-stamp of {0}" "可信时间戳：{0}";
    Intent "Proof of intent" "签署意愿认证";
    IntentLine "{0}, reference {1}, {2}" "{0}，凭证号 {1}，{2}";
    IntentFace "face compared with the authorities' picture" "人脸识别（权威比对）";
    IntentPassword "password for signing" "签署密码";
    IntentCarrier "carrier's three factors and code" "运营商三要素与验证码";
    IntentKey "hardware key" "硬件密钥";
    IntentFinger "fingerprint, compared by the device" "设备指纹";
    IntentDeviceFace "face, compared by the device" "设备人脸";
    Client "Device, as the host saw it" "终端信息（平台记录）";
    Warrant "Recorded on the word of" "记录依据";
    WarrantPermitted "this engine: every check of the signing chain had passed" "签署引擎：签署前各项检查均已通过";
    WarrantHost "the host, which vouches for the checks" "平台声明：各项检查由平台保证";
    Custody "Custody of the key" "密钥保管";
    Said "{0}, reference {1}" "{0}，凭证 {1}";
    InDocument "Signature {0} in {1}" "{1} 中的第 {0} 个签名";
    NoSignatureIn "No signature in {0}" "{0} 中没有签名";
    Judged "Judged" "验证结论";
    Passed "passed" "通过";
    Failed "failed" "未通过";
    Indeterminate "indeterminate" "无法确定";
    Unsigned "unsigned" "未签名";
    Intact "bytes and signature belong together" "签名与所覆盖的字节相符";
    Weak "bytes and signature agree, but the algorithm proves nothing" "签名与所覆盖的字节相符，但所用算法不能作为证明";
    Broken "bytes and signature do NOT belong together" "签名与所覆盖的字节不符";
    Unjudged "cannot be judged" "无法判断";
    Trusted "certificate trusted" "证书受信任";
    Untrusted "certificate not trusted" "证书不受信任";
    Expired "certificate expired" "证书已过期";
    NotYetValid "certificate not valid yet" "证书尚未生效";
    TrustUnjudged "trust in the certificate cannot be judged" "无法判断证书是否可信";
    TrustNotAsked "trust in the certificate was not asked" "未检查证书是否可信";
    Certificate "Certificate" "签名证书";
    Serial "serial {0}" "序列号 {0}";
    IssuedBy "issued by {0}" "颁发者 {0}";
    Validity "valid {0} to {1}" "有效期 {0} 至 {1}";
    Algorithm "Algorithm" "签名算法";
    Level "Level (PAdES)" "级别（PAdES）";
    ClaimedTime "Time claimed by the signer" "签署人声称时间";
    ProvenTime "Time proven" "已证明的时间";
    ByTimestamp "{0}, by a time-stamp inside the signature" "{0}，由签名内时间戳证明";
    ByDocumentTimestamp "{0}, by a document time-stamp" "{0}，由文档时间戳证明";
    NotProven "none: no time-stamp" "无：没有时间戳";
    Covers "Covers" "覆盖范围";
    CoversAll "the whole file" "整个文件";
    CoversRevision "revision {0}: all but the last {1} bytes of the file" "第 {0} 版：文件最后 {1} 字节除外";
    CoversBad "NOT what it should cover" "未覆盖其应覆盖的内容";
    ChangedLater "Changed later" "签署后的更改";
    ChangedNothing "nothing" "无";
    ChangedLta "only data for checking it later" "仅添加用于日后验证的数据";
    ChangedForm "signature fields or fields of the form were filled, as permitted" "按许可填写签名域或表单域";
    ChangedAnnotation "annotations, as permitted" "按许可修改注释";
    ChangedForbidden "in a way that is NOT permitted" "存在不允许的更改";
    Before "Document before" "签署前文件摘要";
    After "Document after" "签署后文件摘要";
    Recorded "recorded" "记录";
    Shown "shown" "文件所示";
    Applied "Also filled" "其他填写";
    MarkSignature "signature by hand" "手写签名";
    MarkDate "date" "日期";
    MarkOpinion "opinion" "意见";
    MarkBlock "block" "签署块";
    Findings "Findings" "检查发现";
    Finding "{0}: {1}" "{0}：{1}";

    DocumentsChapter "The documents" "合同文件及版本";
    Pages "Pages" "页数";
    IssuedBytes "As issued" "发起时";
    NowBytes "Now" "现在";
    Bytes "{0} bytes" "{0} 字节";
    Revisions "Revisions" "各版本";
    RevisionNotice "A revision is a range of bytes appended to the file; nothing that was there is changed. The digest is that of the file from its first byte to the end of the revision, by SHA-256: anybody can compute it from the file."
        "每一版本是在文件末尾追加的一段字节，原有字节不变。摘要为文件自首字节至该版本末尾的 SHA-256，任何人均可据文件自行计算。";
    Number "No." "序号";
    ByteRange "Bytes" "字节范围";
    Step "What it is" "内容";
    FileDigest "SHA-256 of the file up to its end" "截至该版本末尾的文件 SHA-256";
    StepIssued "as issued" "发起时的文件";
    StepPrepared "prepared for signing" "签署准备";
    StepSigned "signature {0}" "第 {0} 个签名";

    Timeline "Timeline" "时间线";
    Time "Time ({0})" "时间（{0}）";
    Event "Event" "事件";
    Actor "By" "操作者";
    EventClaimed "signature {0} in {1}: time claimed in the signature" "{1} 第 {0} 个签名：签名中声称的时间";
    EventProven "signature {0} in {1}: proven by a time-stamp" "{1} 第 {0} 个签名：时间戳证明的时间";
    EventSigner "signer" "签署人";
    EventAuthority "time-stamping authority" "时间戳机构";
    EventMeeting "the ceremony was to begin" "签约仪式计划开始";
    EventCreated "contract drawn up" "创建合同";
    EventEdited "contract edited" "修改合同";
    EventReviewed "reviewed" "审批";
    EventStarted "signing begun" "发起签署";
    EventOpened "opened and read" "查看文件";
    EventFilled "filled in" "填写";
    EventBegun "signing with a key elsewhere begun" "开始远程签署";
    EventSigned "signed" "签署";
    EventCompleted "completed" "签署完成";
    EventClosed "closed with time-stamps" "加盖时间戳并归结";
    EventDeclined "declined" "拒签";
    EventCancelled "cancelled" "撤销";
    EventExpired "expired" "逾期";
    EventExtended "deadline extended" "延长截止时间";
    EventForwarded "handed over" "转交他人";
    EventReminded "reminded" "催签";
    EventWithheld "delivery withheld" "暂缓送达";
    EventRestored "delivery restored" "恢复送达";
    EventReleaseStarted "release begun" "发起解除";
    EventReleased "released" "解除";
    EventArchived "archived" "归档";
    EventComposed "fields and values written into the documents" "文件写入填写内容与签名域";
    EventChecked "final bytes checked" "签署结果核验";
    EventCalledOff "meeting called off" "会议取消";
    EventAbandoned "signing with a key elsewhere given up" "放弃远程签署";
    EventBound "signer bound" "绑定签署人";
    EventInvalidated "invalidated" "合同失效";
    EventPurged "documents dropped" "清除文件";

    Trail "Audit trail" "审计记录";
    TrailEntries "Entries" "条目数";
    TrailAlgorithm "Hash" "哈希算法";
    TrailVerdict "What it shows" "链的结论";
    TrailComplete "complete: it ends in the head that was kept elsewhere" "完整：末端与另行保存的链头一致";
    TrailConsistent "consistent: each entry follows from the one before; whether entries are missing at its end is not shown" "一致：各条目前后相承；末尾是否缺少条目无从证明";
    TrailNotice "Each entry holds the hash of the one before it, so that nothing can be taken out, put in or changed in the middle without all later hashes changing. The chain does not show that nothing is missing at its end, unless its head was kept elsewhere; it does not show that whoever holds both log and head did not write all of it anew; and an entry that was not changed need not be true: times and actors are those that the host gave. The details of each entry are in the bundle of evidence."
        "每一条目包含前一条目的哈希，因此中间任何删除、插入或修改都会使其后全部哈希改变。除非链头另行保存，该链不能证明末尾没有缺失；不能证明同时持有记录与链头者未曾整体重写；条目未被更改亦不等于其内容属实，时间与操作者均由平台提供。各条目的详细内容见证据包。";
    Hash "Hash of the entry" "条目哈希";

    Checklist "Conditions of the Electronic Signature Law" "可靠电子签名条件核对";
    ChecklistNotice "Articles 13 and 14 of the Electronic Signature Law of the People's Republic of China (2019). \"Proved\" means that anybody can compute it from the documents; \"asserted by\" names on whose word it rests, with his reference; \"unknown\" means that nothing shows it. The parties may also have agreed on conditions of their own."
        "依据《中华人民共和国电子签名法》（2019 年修正）第十三条、第十四条。“已证明”指任何人均可据文件自行计算得出；“由……声明”指明所依据的声明者及其凭证；“未知”指无任何依据。当事人亦可约定其认为可靠的条件。";
    Article "Article" "条款";
    Condition "Condition" "条件";
    Answer "Shown" "情况";
    Reason "Why" "依据";

    Deviations "Deviations" "核对偏差";
    DeviationNotice "The documents were held against the record of the contract: every control, seal, grant, page, time and byte."
        "已将各文件与合同记录逐项核对：控件、印章、授权、页面、时间及字节。";
    NoDeviation "No deviation was found." "未发现偏差。";
    Code "Code" "代码";
    What "What" "偏差";
    Where "Where" "位置";
    Values "Expected / found" "应为 / 实为";
    ExpectedFound "expected {0}; found {1}" "应为 {0}；实为 {1}";
    Differences "Record and documents compared" "记录与文件的比对";
    NoDifference "Where the record and the documents speak of the same fact, they agree." "凡记录与文件述及同一事实之处，两者一致。";
    AtSlot "slot {0}" "签署位 {0}";
    AtDocument "document {0}" "文件 {0}";
    AtControl "control {0}" "控件 {0}";
    AtPage "page {0}" "第 {0} 页";
    AtSignature "signature {0}" "第 {0} 个签名";

    Verifying "How to verify by hand" "如何自行核验";
    VerifyDigest "Compute the digest of each document and compare it with the last revision listed in this report:"
        "计算各文件的摘要，并与本报告所列最后一个版本的摘要比对：";
    VerifyPrefix "Compute the digest of the beginning of a file, up to the end of a revision (here {0} bytes), and compare it likewise:"
        "计算文件开头至某版本末尾（此例为 {0} 字节）的摘要，并同样比对：";
    VerifySignatures "Have the signatures judged by a program of another maker, for instance Poppler or pyHanko, or open the file in a PDF reader that shows signatures:"
        "使用其他厂商的程序（例如 Poppler 或 pyHanko）验证签名，或用能够显示签名的 PDF 阅读器打开文件：";
    VerifyCertificate "Compare serial number and issuer of each certificate with those in this report, and ask its issuer whether it had been revoked at the time of signing."
        "将各证书的序列号与颁发者同本报告比对，并向颁发者查询签署时证书是否已被吊销。";
    VerifyTrail "Compute the chain of the audit trail: the hash of an entry is that of the text \"{0}\", a zero byte, the 32 bytes of the hash before (zeros for the first), and the entry as JSON with its keys sorted and without spaces; the last one is the head above."
        "复算审计链：每一条目的哈希，为文本“{0}”、一个零字节、前一哈希的 32 字节（首条为全零）以及该条目按键名排序且无空格的 JSON 依次相连后的哈希；最后一条即上述链头。";
    VerifySeal "Ask the organization that owns a seal, or the register of seals, for the digest of its face, and compare it with the one in this report."
        "向印章所属单位或印章登记处索取印模摘要，并与本报告所列摘要比对。";
    VerifyReport "This report is sealed by whoever issued it: judge its own signature first. Its text is real text and can be searched and copied."
        "本报告由出具方电子签章：请先验证本报告自身的签名。本报告文字均为可检索、可复制的文本。";

    OtherSignatures "Signatures of nobody among the signers" "签署人以外的签名";
    KindSignature "signature" "签名";
    KindTimestamp "document time-stamp" "文档时间戳";
    Field "Field" "域";
    Signed "Signed by, time" "签署者与时间";

    Appendix "Certificates and grants" "证书与授权明细";
    CertificatesHeading "Certificates in the signatures" "签名中的证书";
    SubjectHeading "Subject" "主体";
    IssuerHeading "Issuer" "颁发者";
    ValidityHeading "Validity" "有效期";
    Fingerprint "Fingerprint (SHA-256)" "指纹（SHA-256）";
    GrantsHeading "Grants of use" "用印授权";
    GrantScope "Scope" "授权范围";
    GrantHolder "Holder and grantor" "被授权人与授权人";
    GrantSeal "Seal and owner" "印章与所属";
    GrantedTo "to {0}, by {1}" "授予 {0}，授权人 {1}";
    GrantTimes "granted {0}; {1} to {2}" "授予于 {0}；{1} 至 {2}";
    GrantUses "at most {0} use(s)" "最多 {0} 次";
}

/// Who speaks: the language, and the offset in which times are told.
#[derive(Clone, Copy, Debug)]
pub(super) struct Speaker {
    pub(super) lang: Lang,
    pub(super) offset: UtcOffset,
}

impl Speaker {
    pub(super) fn say(self, word: Word) -> &'static str {
        word.says(self.lang)
    }

    /// With values in their places.
    pub(super) fn with<const N: usize>(self, word: Word, values: [&str; N]) -> String {
        fill(word.says(self.lang), &values.map(str::to_owned))
    }

    /// The language as PDF names it.
    pub(super) fn tag(self) -> &'static str {
        match self.lang {
            Lang::En => "en",
            Lang::Zh => "zh-CN",
        }
    }

    /// A day and a time of day, with the offset.
    pub(super) fn moment(self, at: OffsetDateTime) -> String {
        let Some(at) = at.checked_to_offset(self.offset) else { return String::new() };
        let (year, month, day) = (at.year(), at.month(), at.day());
        let (hour, minute, second) = at.to_hms();
        let (clock, zone) = (format!("{hour:02}:{minute:02}:{second:02}"), self.zone());
        match self.lang {
            Lang::En => format!("{day} {month} {year}, {clock} ({zone})"),
            Lang::Zh => format!("{year}年{}月{day}日 {clock}（{zone}）", u8::from(month)),
        }
    }

    /// The same, short and in figures, for tables whose heading names the offset.
    pub(super) fn figures(self, at: OffsetDateTime) -> String {
        let Some(at) = at.checked_to_offset(self.offset) else { return String::new() };
        let (year, month, day) = (at.year(), u8::from(at.month()), at.day());
        let (hour, minute, second) = at.to_hms();
        format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
    }

    /// The offset: `UTC+8`, `UTC-3:30`.
    pub(super) fn zone(self) -> String {
        let (hours, minutes, _) = self.offset.as_hms();
        let sign = if self.offset.is_negative() { '-' } else { '+' };
        match (hours.abs(), minutes.abs()) {
            (0, 0) => "UTC".to_owned(),
            (hours, 0) => format!("UTC{sign}{hours}"),
            (hours, minutes) => format!("UTC{sign}{hours}:{minutes:02}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use sealwright_testdata::font::REPORT;
    use time::macros::{datetime, offset};

    use super::*;
    use crate::appearance::Font;

    #[test]
    fn both_languages_say_everything_with_the_same_values() {
        for word in Word::ALL {
            let (en, zh) = (word.says(Lang::En), word.says(Lang::Zh));
            let places = |text: &str| (0..4).filter(|n| text.contains(&format!("{{{n}}}"))).count();
            assert_eq!(places(en), places(zh), "{word:?}");
            assert!(!en.is_empty() && !zh.is_empty());
            let has_letters = en.replace("{0}", "").chars().any(|it| it.is_ascii_alphabetic());
            assert!(!has_letters || !zh.is_ascii(), "{word:?}: {zh}");
        }
    }

    #[test]
    fn the_font_of_the_tests_has_every_character_of_the_catalogue() {
        let font = Font::from_bytes(REPORT, 0).unwrap();
        let all = Word::ALL.iter().flat_map(|word| [word.says(Lang::En), word.says(Lang::Zh)]);
        let figures = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ年月日-:/×·“”";
        for character in all.chain([figures]).flat_map(str::chars) {
            assert!(font.has(character), "no {character} (U+{:04X})", u32::from(character));
        }
    }

    #[test]
    fn times_are_told_in_the_offset_of_the_contract() {
        let at = datetime!(2026-11-23 17:05:09 UTC);
        let chinese = Speaker { lang: Lang::Zh, offset: offset!(+8) };
        assert_eq!(chinese.moment(at), "2026年11月24日 01:05:09（UTC+8）");
        assert_eq!(chinese.figures(at), "2026-11-24 01:05:09");
        let west = Speaker { lang: Lang::En, offset: offset!(-3:30) };
        assert_eq!(west.moment(at), "23 November 2026, 13:35:09 (UTC-3:30)");
        let last = datetime!(9999-12-31 23:59 UTC);
        assert_eq!(chinese.moment(last), "");
    }
}
