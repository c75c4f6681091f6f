//! The sample contract.

/// 甲方, whose seal the demo uses.
pub const PARTY_A: &str = "江州澄砚信息技术有限公司";

/// 乙方.
pub const PARTY_B: &str = "云泽溯舟供应链管理有限公司";
