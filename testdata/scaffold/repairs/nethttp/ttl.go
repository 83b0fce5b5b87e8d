package main

import "time"

// ttl is how long keys are kept.
const ttl = 24 * time.Hour
