package scaffold_test

import (
	"testing"

	idempotency "github.com/idemlint/idemlint/testdata/scaffold/guard"
	"github.com/idemlint/idemlint/testdata/replay/oracle/world"
)

func TestX(t *testing.T) {
	_ = idempotency.NewMemory()
	_ = world.Embedded
}
