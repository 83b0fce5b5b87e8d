// Package uuid declares what the cases use of google/uuid.
package uuid

type UUID [16]byte

func (UUID) String() string { return "" }

func New() UUID { return UUID{} }

func NewString() string { return "" }
