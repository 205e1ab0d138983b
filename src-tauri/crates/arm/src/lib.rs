//! Azure Resource Manager: clouds, requests, retry, paging, polling, faults and resources.
