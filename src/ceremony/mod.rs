//! The meeting at which a contract is signed (战略签约会议).
