package uuid

type UUID [16]byte

func NewV4() (u *UUID, err error)                      { return }
func NewV5(ns *UUID, name []byte) (u *UUID, err error) { return }
func ParseHex(s string) (u *UUID, err error)           { return }
func (u *UUID) String() string                         { return "" }
