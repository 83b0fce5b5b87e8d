package world

import (
	"errors"

	"github.com/idemlint/idemlint/testdata/replay/oracle/gate"
)

// Servers are the database servers of a run with real stores.
type Servers struct{}

var errNoServers = errors.New("servers were not started")

func (s *Servers) openPostgres(*gate.Gate) (*sqlStore, error) { return nil, errNoServers }

func (s *Servers) redis() (addr string, db int, err error) { return "", 0, errNoServers }
