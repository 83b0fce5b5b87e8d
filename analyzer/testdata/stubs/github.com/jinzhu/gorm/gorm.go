// Package gorm declares what the cases use of gorm v1.
package gorm

type DB struct {
	Error        error
	RowsAffected int64
}

func Open(dialect string, args ...interface{}) (*DB, error) { return nil, nil }

func (s *DB) Begin() *DB                                          { return nil }
func (s *DB) Commit() *DB                                         { return nil }
func (s *DB) Rollback() *DB                                       { return nil }
func (s *DB) Table(name string) *DB                               { return nil }
func (s *DB) Model(value interface{}) *DB                         { return nil }
func (s *DB) Where(query interface{}, args ...interface{}) *DB    { return nil }
func (s *DB) First(out interface{}, where ...interface{}) *DB     { return nil }
func (s *DB) Create(value interface{}) *DB                        { return nil }
func (s *DB) Update(attrs ...interface{}) *DB                     { return nil }
func (s *DB) Updates(values interface{}, ignore ...bool) *DB      { return nil }
func (s *DB) UpdateColumn(attrs ...interface{}) *DB               { return nil }
func (s *DB) Delete(value interface{}, where ...interface{}) *DB  { return nil }
func (s *DB) FirstOrCreate(out interface{}, w ...interface{}) *DB { return nil }
func (s *DB) Save(value interface{}) *DB                          { return nil }
