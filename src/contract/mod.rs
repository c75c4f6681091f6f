//! Contracts: documents, parties, signers, controls, and the states they go through (合同).
