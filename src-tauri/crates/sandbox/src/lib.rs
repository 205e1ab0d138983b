//! An Azure on loopback: Entra, Azure Resource Manager and Kubernetes over real HTTPS.
