// Package unit turns the SSA form of one first-party package into its unit:
// a small, serialisable copy of what its code does, in terms that need
// neither syntax nor types of the package again. A unit is symbolic. It says
// which calls there are, with which values, on which edges of which branches,
// and leaves to others what an interface call reaches and what it means.
package unit

// Unit is what one package's code says.
type Unit struct {
	Path   string   // import path
	Name   string   // package name
	Module string   // module path, "" when unknown
	Files  []string // file names relative to the module's root, or base names
	// GeneratedFiles holds, per file, whether it is marked as generated.
	GeneratedFiles []bool
	Imports        []string // first-party imports, sorted
	Types          []Type   // every type that the code below mentions
	Decls          []Decl   // named types declared here, sorted by name
	Callees        []Callee
	Funcs          []Func // sorted by Sym
	RPCs           []RPC  // that proto descriptors of the package declare, sorted by name
}

// Pos is a position in a file of the unit. Line 0 means none.
type Pos struct {
	File      int32
	Line, Col int32
}

// Kind is the kind of a type.
type Kind uint8

// The kinds of type that the analysis tells apart.
const (
	KindOther Kind = iota
	KindBool
	KindInt
	KindString
	KindStruct
	KindPointer
	KindSlice
	KindArray
	KindMap
	KindChan
	KindFunc
	KindInterface
	KindTypeParam
	KindTuple
)

// Type describes a type. Named types keep package and name; a pointer to a
// named type keeps them too, with Kind KindPointer.
type Type struct {
	Str   string // canonical: aliases resolved, full package paths, no parameter names
	Kind  Kind   // of the underlying type
	Pkg   string // of the named type, or of the one that is pointed to
	Name  string
	Args  []int32 // type arguments of the named type
	Elem  int32   // element of a pointer, slice, array, map or channel; -1 otherwise
	Under string  // underlying type's string of a named function or interface type
	// Methods are the methods of an interface type as "Name(signature)".
	Methods []string
}

// Decl is a named type declared in the package.
type Decl struct {
	Name    string
	Type    int32
	Pos     Pos
	Fields  []Field
	Methods []Method // of *T, promoted ones included, sorted by name
}

// Field is a field of a declared struct type.
type Field struct {
	Name     string
	Type     int32
	Tag      string
	Embedded bool
}

// Method is an entry of a method set.
type Method struct {
	Name string
	Sig  string // canonical signature without the receiver
	// Func is the symbol of the function that runs, a wrapper's for methods
	// that are promoted.
	Func string
}

// Callee is the target of calls.
type Callee struct {
	Kind CalleeKind
	// Sym is the function's symbol for first-party functions.
	Sym string
	// Pkg, Type and Name are the resolved symbol: the declaring package, the
	// receiver's type name ("" for functions) and the name.
	Pkg, Type, Name string
	// Iface is the interface's type for KindInvoke.
	Iface int32
	Sig   int32   // the signature's type
	Args  []int32 // type arguments of a generic callee
	// First says that the callee is declared in a first-party package.
	First bool
}

// CalleeKind tells how a call finds its function.
type CalleeKind uint8

// A call is static, through an interface, of a value, or of a builtin.
const (
	CallStatic CalleeKind = iota
	CallInvoke
	CallValue
	CallBuiltin
)

// Func is a function with a body, a closure or a wrapper.
type Func struct {
	Sym      string
	Pkg      string  // declaring package
	Recv     string  // receiver's type name, "" for functions
	Name     string  // declared name; closures have their parent's with $n
	Pos      Pos     // the name's, or the func keyword's
	Parent   string  // enclosing function of a closure
	Params   []Param // the receiver first
	Results  []int32 // types
	Free     []Param // captured variables
	TParams  []string
	Variadic bool
	Wrapper  bool // synthetic: promotes a method
	// Idempotent says that its declaration has the directive idempotent: what it
	// does may happen again.
	Idempotent bool
	Leaves     []Leaf
	Instrs     []Instr
	Blocks     []Block
}

// Param is a parameter or a captured variable.
type Param struct {
	Name string
	Type int32
}

// Ref names a value of a function: an instruction when 0 or more, else a
// leaf: Leaves[^r].
type Ref int32

// NoRef is the absent value.
const NoRef = Ref(-1 << 31)

// LeafKind is the kind of a leaf.
type LeafKind uint8

// The leaves: values that no instruction computes.
const (
	LeafParam LeafKind = iota // N is the index
	LeafFree
	LeafConst  // Str is the constant, Const its kind
	LeafFunc   // Callee is the function
	LeafGlobal // Str is the symbol pkg.name
	LeafOther
)

// ConstKind is the kind of a constant.
type ConstKind uint8

// The constants.
const (
	ConstNil ConstKind = iota
	ConstBool
	ConstNumber
	ConstString
	ConstZero // zero value of an aggregate
)

// Leaf is a value that no instruction computes.
type Leaf struct {
	Kind  LeafKind
	Const ConstKind
	N     int32 // parameter or callee index
	Type  int32
	Str   string
}

// Op is the operation of an instruction.
type Op uint8

// The operations. Args are listed in order.
const (
	OpOther     Op = iota // any other value of its operands
	OpCall                // Callee; Args: function value or receiver (or NoRef), then the arguments
	OpGo                  // as OpCall
	OpDefer               // as OpCall
	OpAlloc               // a new variable, its address
	OpMakeMap             // a new map
	OpMakeSlice           // a new slice
	OpMakeChan            // a new channel
	OpClosure             // Callee; Args: captured values
	OpMethod              // a bound method: Callee; Args: receiver
	OpPhi                 // Args: one per predecessor, in the order of the blocks
	OpFieldAddr           // Str: field, Tag: name in tags, Owner: type; Args: struct pointer
	OpField               // as OpFieldAddr, of a struct value
	OpIndexAddr           // Args: slice or array pointer, index
	OpIndex               // Args: array or string, index
	OpLookup              // Args: map, key
	OpMapUpdate           // Args: map, key, value
	OpLoad                // Args: address
	OpStore               // Args: address, value
	OpSend                // Args: channel, value
	OpRecv                // Args: channel; N: SelectReceive, and Args: the channels of a select
	OpExtract             // N: index; Args: tuple
	OpIface               // conversion to an interface; Args: value
	OpConvert             // any other conversion; Args: value
	OpAssert              // Args: interface value
	OpBin                 // Str: operator; Args: x, y
	OpNot                 // Args: x
	OpRange               // Args: map or string
	OpNext                // Args: range
	OpSlice               // Args: slice
	OpReturn              // Args: results
	OpPanic               // Args: value
	OpIf                  // Args: condition; ends a block with two successors
)

// SelectReceive marks the OpRecv of a select statement. Its result is the
// tuple of the chosen channel's index, whether a value was received, and a
// value for every channel.
const SelectReceive = 1

// Instr is one instruction.
type Instr struct {
	Op     Op
	Source Part // OpField, OpFieldAddr: what its tag says it is filled from
	Block  int32
	Callee int32 // index into Unit.Callees; -1 for none
	N      int32
	Type   int32 // of the result; -1 for none
	Owner  int32 // OpField, OpFieldAddr: the struct's type; else -1
	Args   []Ref
	Str    string
	Tag    string // OpField, OpFieldAddr: the field's name in its json, header, ... tag
	Pos    Pos
}

// Part is a part of a request. It is a byte since every instruction has one.
type Part uint8

// The parts that tags name; Unnamed is any other.
const (
	Unnamed Part = iota
	Header
	Query
)

// String is the part as keys call it; empty for Unnamed.
func (p Part) String() string { return [...]string{"", "header", "query"}[p] }

// Block is a basic block: Instrs[From:To] of its function.
type Block struct {
	From, To int32
	Succs    []int32
	Idom     int32 // immediate dominator, -1 for the entry
}
