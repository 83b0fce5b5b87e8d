// Package spanner stands in for cloud.google.com/go/spanner in cases.
package spanner

import (
	"context"
	"time"
)

type (
	Client      struct{}
	Mutation    struct{}
	ApplyOption interface{ apply() }
)

func (c *Client) Apply(ctx context.Context, ms []*Mutation, opts ...ApplyOption) (time.Time, error)

func Insert(table string, cols []string, vals []any) *Mutation
func InsertMap(table string, in map[string]any) *Mutation
func InsertStruct(table string, in any) (*Mutation, error)
func InsertOrUpdate(table string, cols []string, vals []any) *Mutation
func InsertOrUpdateMap(table string, in map[string]any) *Mutation
func UpdateMap(table string, in map[string]any) *Mutation
