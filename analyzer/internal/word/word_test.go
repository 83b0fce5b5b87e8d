package word_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/idemlint/idemlint/analyzer/internal/word"
)

func TestSplitAndFold(t *testing.T) {
	for name, want := range map[string][]string{
		"UserID": {"user", "id"}, "user_id": {"user", "id"}, "HTTPServer": {"http", "server"}, "getURL": {"get", "url"}, "_x": {"x"}, "": nil,
	} {
		assert.Equal(t, want, word.Split(name), name)
	}
	assert.Equal(t, word.Fold("user_id"), word.Fold("UserID"))
	assert.NotEqual(t, word.Fold("user_id"), word.Fold("UserIDs"))
}
