//! What a bundle says of itself to whoever opens it by hand.

use super::Evidence;

/// `README.txt`, in Chinese and English, with how to look at everything without this program.
pub(super) fn text(evidence: &Evidence, is_signed: bool) -> String {
    let mut text = TEMPLATE.replace("{id}", evidence.contract.id.as_str());
    text = text.replace("{title}", &evidence.contract.title);
    let (zh, en) = match is_signed {
        true => SIGNED,
        false => UNSIGNED,
    };
    text.replace("{zh}", zh).replace("{en}", en)
}

const SIGNED: (&str, &str) = (
    "manifest.p7s 是对 manifest.json 的签名：\n  \
     openssl cms -verify -binary -inform DER -in manifest.p7s -content manifest.json \\\n    \
     -CAfile 受信任的根证书.pem -purpose any -out /dev/null",
    "manifest.p7s is the signature over manifest.json:\n  \
     openssl cms -verify -binary -inform DER -in manifest.p7s -content manifest.json \\\n    \
     -CAfile trusted-root.pem -purpose any -out /dev/null",
);

const UNSIGNED: (&str, &str) = (
    "本证据包的清单未经签名：只能说明内容相互对应，不能说明由谁制作。",
    "Nobody has signed the manifest of this bundle: it shows what belongs together, not who put it \
     together.",
);

const TEMPLATE: &str = "\
合同证据包 / Evidence of a contract
合同 / Contract: {title} ({id})

一、内容
  evidence.json      全部事实：文件、签署方、印章、授权、证书、时间、验证结论、可靠性检查表
  documents/         合同文件的最终版本；每次签署只在末尾追加，evidence.json 的 revisions 给出各段字节
  certificates/      签名中的全部证书 (PEM)
  grants/            授权书：.p7m 由印章管理员签名，.der 未签名
  intents.json       签署意愿认证的引用（由认证机构留存）
  trail.jsonl        合同审计日志，一行一条；head.json 是日志的末端
  material/          OCSP、CRL、时间戳（如有）
  report/            供阅读的出证报告（如有）
  manifest.json      以上各条目的长度与 SHA-256

二、不依赖本软件的核验方法
1. sha256sum 逐一核对 manifest.json 所列条目。
2. {zh}
3. 用任意 PDF 阅读器打开 documents/ 下的文件，查看签名面板；或使用 pyHanko、pdfsig。
   某次签署时的文件：head -c <end> documents/1.pdf（end 取自 evidence.json 的 revisions）。
4. openssl x509 -in certificates/<指纹>.pem -noout -text 查看证书。
5. openssl cms -verify -inform DER -in grants/1.p7m -CAfile 受信任的根证书.pem -purpose any 查看授权书。
6. 审计日志：每行 hash = SHA-256(\"csign-audit-v1\" + 零字节 + previous 的 32 字节 + canonical 文本)；
   首行的 previous 为 32 个零字节。algorithm 为 sm3 时以 SM3 代替 SHA-256。

三、能说明与不能说明的事项
* 已证明：签名与文件的任何改动能够被发现（电子签名法第十三条第三、四项）。
* 由他人声明：密钥由谁保管、签署意愿如何认证（第十三条第一、二项），引用见 evidence.json。
* 审计日志是哈希链：持有日志和链头的人可以重写全部内容，末尾被截去也不留痕迹；
  只有与外部留存的链头一致，才能说明日志完整。
* 本证据包不对法律效力作出判断。

1. What is in it
  evidence.json      all facts: documents, signers, seals, grants, certificates, times, the verdict, the
                     reliability checklist
  documents/         the final documents; each signing only appended to them, and \"revisions\" in
                     evidence.json tells which bytes
  certificates/      all certificates in the signatures (PEM)
  grants/            what organizations say of their grants: .p7m signed by the custodian of the seal,
                     .der not signed
  intents.json       references to the proofs of intent, which their providers keep
  trail.jsonl        the trail of the contract, a line for each entry; head.json is where it ends
  material/          OCSP answers, CRLs and time-stamps, if there are any
  report/            the report for people to read, if there is one
  manifest.json      length and SHA-256 of all of these

2. How to look at it without this program
1. Compare every entry of manifest.json with what sha256sum says.
2. {en}
3. Open the files in documents/ with any PDF reader and look at its panel of signatures; or use pyHanko or
   pdfsig. A document as it was at one signing: head -c <end> documents/1.pdf, the end from \"revisions\".
4. openssl x509 -in certificates/<fingerprint>.pem -noout -text
5. openssl cms -verify -inform DER -in grants/1.p7m -CAfile trusted-root.pem -purpose any
6. The trail: in each line hash = SHA-256(\"csign-audit-v1\", a zero byte, the 32 bytes of previous, the
   text in canonical); previous of the first line is 32 zero bytes. With algorithm sm3 it is SM3.

3. What it shows, and what not
* Proved: that any change to a signature or a document can be found (Electronic Signature Law, art. 13 (3)
  and (4)).
* Asserted by others: who keeps the keys, and how the signers showed that they meant it (art. 13 (1) and
  (2)); evidence.json has the references.
* The trail is a chain of hashes: whoever holds it and its head can write both anew, and a missing end
  leaves no trace. Only a head that was kept elsewhere shows that it is complete.
* It does not say what a court will hold.
";
