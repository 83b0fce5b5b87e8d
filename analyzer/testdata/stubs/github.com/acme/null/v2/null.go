// Package null stands for libraries of values that may be NULL in a database.
package null

import "database/sql"

// String is a text or NULL.
type String struct{ sql.NullString }

// IsZero reports whether it is NULL.
func (s String) IsZero() bool { return !s.Valid }

// IsValid reports whether it is there.
func (s String) IsValid() bool { return s.Valid }

// NewString is a text that is there if valid is set.
func NewString(s string, valid bool) String {
	return String{sql.NullString{String: s, Valid: valid}}
}

// StringFrom is a text that is there.
func StringFrom(s string) String { return NewString(s, true) }

// StringFromPtr is a text that is there if the pointer is not nil.
func StringFromPtr(s *string) String {
	if s == nil {
		return NewString("", false)
	}
	return NewString(*s, true)
}
