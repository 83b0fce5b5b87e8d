// Package graph is what gqlgen generates.
package graph
