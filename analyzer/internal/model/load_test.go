package model

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestBuiltin(t *testing.T) {
	files, err := Builtin()
	require.NoError(t, err)
	_, err = NewIndex(files...)
	require.NoError(t, err)
}
