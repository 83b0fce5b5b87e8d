// Package singleflight declares what the cases use of x/sync's.
package singleflight

type Group struct{}

func (g *Group) Do(key string, fn func() (any, error)) (v any, err error, shared bool) {
	v, err = fn()
	return v, err, false
}
