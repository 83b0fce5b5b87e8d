// Package logging stands for a library that no row tells of.
package logging

import "context"

func ContextWithFields(ctx context.Context, fields map[string]any) context.Context { return ctx }
