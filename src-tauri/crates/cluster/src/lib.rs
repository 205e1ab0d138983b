//! What is read and written inside a cluster.
