package world

import (
	"context"
	"errors"

	"github.com/idemlint/idemlint/testdata/replay/oracle/gate"
)

// Servers are the database servers of a run with real stores.
type Servers struct{}

var errNoServers = errors.New("servers were not started")

func (s *Servers) openPostgres(*gate.Gate) (*sqlStore, error) { return nil, errNoServers }

func (s *Servers) redis() (addr string, db int, err error) { return "", 0, errNoServers }

// StartServers starts what the stores need; the embedded ones need nothing.
func StartServers(context.Context, Stores) (*Servers, error) { return nil, nil }

// Stop ends the servers.
func (s *Servers) Stop() {}
