// Package xorm declares what the cases use of xorm.io/xorm.
package xorm

import "context"

type Engine struct{}

func NewEngine(driver, source string) (*Engine, error)               { return nil, nil }
func (*Engine) NewSession() *Session                                 { return nil }
func (*Engine) Context(context.Context) *Session                     { return nil }
func (*Engine) ID(any) *Session                                      { return nil }
func (*Engine) Where(query any, args ...any) *Session                { return nil }
func (*Engine) Get(beans ...any) (bool, error)                       { return false, nil }
func (*Engine) Insert(beans ...any) (int64, error)                   { return 0, nil }
func (*Engine) Transaction(func(*Session) (any, error)) (any, error) { return nil, nil }
func (*Engine) Update(bean any, conds ...any) (int64, error)         { return 0, nil }

type Session struct{}

func (*Session) Context(context.Context) *Session             { return nil }
func (*Session) Begin() error                                 { return nil }
func (*Session) Commit() error                                { return nil }
func (*Session) Close() error                                 { return nil }
func (*Session) ID(any) *Session                              { return nil }
func (*Session) Table(any) *Session                           { return nil }
func (*Session) ForUpdate() *Session                          { return nil }
func (*Session) Where(query any, args ...any) *Session        { return nil }
func (*Session) And(query any, args ...any) *Session          { return nil }
func (*Session) Get(beans ...any) (bool, error)               { return false, nil }
func (*Session) Insert(beans ...any) (int64, error)           { return 0, nil }
func (*Session) Update(bean any, conds ...any) (int64, error) { return 0, nil }
