package lexicon_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/idemlint/idemlint/analyzer/internal/lexicon"
	"github.com/idemlint/idemlint/analyzer/internal/model"
)

func TestOutbound(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		pkg, name string
		want      bool
	}{
		{"github.com/someone/smtppool", "Send", true},
		{"example.com/sms/client/v2", "SendText", true},
		{"github.com/someone/kafkaclient", "Publish", true},
		{"github.com/someone/smtppool", "New", false},
		{"github.com/mailer/json", "SendTo", false}, // the owner's name says nothing
		{"github.com/someone/queue", "Push", false},
		{"github.com/someone/mailtool", "Mail", true},
		{"github.com/someone/machinery/v1", "SendTask", true},
		{"github.com/someone/PayPal-Go-SDK", "CreatePayment", true},
		{"github.com/someone/PayPal-Go-SDK", "NewClient", false},
		{"github.com/someone/PayPal-Go-SDK", "GetPayment", false},
	} {
		require.Equal(t, c.want, lexicon.Outbound(c.pkg, c.name), "%s.%s", c.pkg, c.name)
	}
}

func TestGenerates(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		pkg, name string
		want      bool
	}{
		{"github.com/someone/base", "ID", true},
		{"github.com/someone/idgen", "NextID", true},
		{"github.com/someone/ulid", "Make", true},
		{"uuid", "NewV4", true},
		{"github.com/someone/gouuid", "NewV4", true},
		{"github.com/someone/uuid-go", "New", true},
		{"github.com/someone/uuid", "NewNamespace", false},
		{"github.com/someone/app", "NewV2", false},
		{"github.com/someone/strs", "RandomString", true},
		{"github.com/someone/rand", "String", true},
		{"github.com/someone/go-randomdata", "Digits", true},
		{"github.com/someone/brand", "String", false},
		{"github.com/someone/auth", "UserID", false},
		{"github.com/someone/app", "New", false},
		{"github.com/someone/app", "Version", false},
	} {
		require.Equal(t, c.want, lexicon.Generates(c.pkg, c.name), "%s.%s", c.pkg, c.name)
	}
}

func TestClass(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]model.Class{
		"executeScalarQuery": model.ClassRead, "ExecQuery": model.ClassRead, "RunQueries": model.ClassRead, "doSearch": model.ClassRead,
		"ExecuteQueryPlan": model.ClassNonIdempotent, "Execute": model.ClassNonIdempotent, "AccountsGet": model.ClassRead, "CreateSearch": model.ClassInsert,
	} {
		class, ok := lexicon.Class(name)
		require.True(t, ok, name)
		require.Equal(t, want, class, name)
	}
}
