package colname_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/idemlint/idemlint/analyzer/internal/colname"
)

func TestCounts(t *testing.T) {
	for name, counts := range map[string]bool{
		"attempts": true, "retry_count": true, "WrongAttempt": true, "delivery_no": true, "failed_logins": true,
		"view_count": true, "Hits": true,
		"max_attempts": false, "view": false, "review_count": false, "attempts_left": false, "delivery": false, "count": false, "failure_fee": false,
	} {
		assert.Equal(t, counts, colname.Counts(name), name)
	}
}

func TestVersion(t *testing.T) {
	for name, version := range map[string]bool{
		"version": true, "lock_version": true, "RowVersion": true, "version_id": true, "opt_lock": true, "workflow_version_id": true,
		"rev": true, "versions_sold": false, "conversion": false, "revenue": false, "id": false, "lock": false,
	} {
		assert.Equal(t, version, colname.Version(name), name)
	}
}

func TestMoment(t *testing.T) {
	for name, moment := range map[string]bool{"created_at": true, "PaidAt": true, "at": false, "stat": false} {
		assert.Equal(t, moment, colname.Moment(name), name)
	}
}

func TestUses(t *testing.T) {
	for column, want := range map[string]bool{
		"last_login_at": true, "lastSeen": true, "last_used": true, "LastIP": true, "sign_in_count": true,
		"last_name": false, "used_at": false, "updated_at": false, "status": false, "": false,
	} {
		assert.Equal(t, want, colname.Uses(column), column)
	}
}
