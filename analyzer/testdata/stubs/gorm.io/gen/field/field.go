// Package field has declarations of gorm.io/gen/field that cases need.
package field

type Expr interface {
	BeCond() interface{}
	CondError() error
}

type AssignExpr interface {
	Expr

	AssignExpr() interface{}
}

type expr struct{ column string }

func (e expr) BeCond() interface{}     { return nil }
func (e expr) CondError() error        { return nil }
func (e expr) AssignExpr() interface{} { return nil }

type genericsField[T any] struct{ expr }

func (field genericsField[T]) Eq(value T) Expr          { return field }
func (field genericsField[T]) Gte(value T) Expr         { return field }
func (field genericsField[T]) In(values ...T) Expr      { return field }
func (field genericsField[T]) Value(value T) AssignExpr { return field }

type Number[T int | int32 | int64] struct{ genericsField[T] }

func (field Number[T]) Add(value T) Number[T] { return field }
func (field Number[T]) Sub(value T) Number[T] { return field }

type Chars[T ~string | ~[]byte] struct{ genericsField[T] }

type (
	Int32  = Number[int32]
	Int64  = Number[int64]
	String = Chars[string]
)

func NewInt32(table, column string) Int32   { return Int32{} }
func NewInt64(table, column string) Int64   { return Int64{} }
func NewString(table, column string) String { return String{} }
