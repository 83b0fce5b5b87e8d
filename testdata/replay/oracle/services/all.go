package services

import "github.com/idemlint/idemlint/testdata/replay/oracle/trial"

// All lists the services, each in a module of its own.
func All() []trial.Service {
	return []trial.Service{payments(), orders(), walletService(), bookings(), tickets(), ledger(), billing(), functions(), fulfilment(), desk(), till()}
}
