//! Runs: plans carried out step by step, journalled so that a killed program resumes.
