package model

import "strings"

func (c *checker) shape(s *Shape) {
	line := s.Pos.Line
	if s.ID == "" {
		c.add(line, "shape has no id; name it, such as std or gin")
	}
	c.signature(line, "handler", s.Handler, s.Interceptor == "")
	c.signature(line, "interceptor", s.Interceptor, false)
	c.word(line, "compose", s.Compose, composes, true)
	c.symbols(line, &s.Next)
	c.symbols(line, &s.Stop)
	c.symbols(line, &s.Stopped)
	if s.NextParam != 0 && s.Interceptor == "" {
		c.add(line, "next-param needs interceptor; write the middleware's signature")
	}
	params := strings.Count(s.Handler, ",") + 1
	for _, i := range s.Request {
		if i < 0 || i >= params {
			c.add(line, "request names parameter %d, but the handler has no such", i)
		}
	}
}

func (c *checker) service(s *Service) {
	line := s.Pos.Line
	if s.Func == "" || strings.Count(s.Func, "*") > 1 {
		c.add(line, "func %q must be a name with at most one *, such as Register*Server", s.Func)
	}
	c.signature(line, "sig", s.Sig, true)
	c.arg(line, "impl", s.Impl, true, SelArg, SelField)
	c.arg(line, "server", s.Server, false, SelArg, SelRecv, SelResult)
	c.arg(line, "desc", s.Desc, false, SelArg)
	c.arg(line, "options", s.Options, false, SelArg, SelRest)
	c.methodOrArg(line, s.Method, "RPC", "ANY", "generated")
	c.word(line, "protocol", s.Protocol, protocols, false)
}

func (c *checker) route(r *Route) {
	line := r.Pos.Line
	c.methodOrArg(line, r.Method, "ANY", "CONSUMER")
	c.arg(line, "path", r.Path, false)
	c.arg(line, "prefix", r.Prefix, false)
	c.arg(line, "handler", r.Handler, true)
	c.arg(line, "middleware", r.Inline, false)
	c.arg(line, "router", r.Router, false, SelArg, SelRecv)
	c.word(line, "protocol", r.Protocol, protocols, false)
}

func (c *checker) group(r *Group) {
	line := r.Pos.Line
	c.arg(line, "router", r.Router, false, SelArg, SelResult, SelRecv)
	c.arg(line, "child", r.Child, true, SelResult, SelParam, SelRecv)
	c.arg(line, "prefix", r.Prefix, false)
	c.arg(line, "middleware", r.Inline, false)
	c.word(line, "inherit", r.Inherit, inherits, true)
}

func (c *checker) poll(r *Poll) {
	c.arg(r.Pos.Line, "path", r.Path, false)
}

func (c *checker) trigger(r *Trigger) {
	if r.Source == "" {
		c.add(r.Pos.Line, "source is missing; name what calls the handler, such as sqs")
	}
	c.word(r.Pos.Line, "method", r.Method, []string{"CONSUMER", "ANY"}, false)
}

func (c *checker) webhook(r *Webhook) {
	if r.Sender == "" {
		c.add(r.Pos.Line, "sender is missing; name who sends the events, such as stripe")
	}
}

func (c *checker) attach(r *Attach) {
	c.arg(r.Pos.Line, "middleware", r.Middleware, true)
	c.arg(r.Pos.Line, "router", r.Router, false, SelArg, SelRecv)
	c.word(r.Pos.Line, "reach", r.Reach, reaches, true)
}

func (c *checker) mount(r *Mount) {
	c.arg(r.Pos.Line, "prefix", r.Prefix, false)
	c.arg(r.Pos.Line, "router", r.Router, true)
}

func (c *checker) wrap(r *Wrap) {
	c.arg(r.Pos.Line, "inner", r.Inner, true)
	c.arg(r.Pos.Line, "middleware", r.Inline, false)
}

func (c *checker) compose(r *Compose) {
	c.arg(r.Pos.Line, "middleware", r.Inline, true)
}

func (c *checker) serve(r *Serve) {
	c.arg(r.Pos.Line, "handler", r.Handler, false)
}

func (c *checker) option(r *Option) {
	c.arg(r.Pos.Line, "middleware", r.Middleware, true)
	if r.Shape == "" {
		c.add(r.Pos.Line, "shape is missing; name the shape of the middleware")
	}
}

func (c *checker) key(r *Key) {
	line := r.Pos.Line
	c.arg(line, "name", r.Name, false)
	if (r.Name == "") == (r.Const == "") {
		c.add(line, "row of keys needs either name (where the name is) or const (the name itself)")
	}
	c.word(line, "source", r.Source, sources, true)
}

func (c *checker) request(r *Request) {
	c.arg(r.Pos.Line, "from", r.From, false)
	c.arg(r.Pos.Line, "into", r.Into, false)
}

func (c *checker) makes(r *Make) {
	line := r.Pos.Line
	c.arg(line, "into", r.Into, false, SelResult, SelRecv, SelArg)
	c.arg(line, "copy", r.Copy, false, SelRecv, SelArg)
	if len(r.Fields) == 0 && r.Copy == "" {
		c.add(line, "row of makes has no fields; say which argument each field holds, or what it copies")
	}
	for _, name := range sortedKeys(r.Fields) {
		c.arg(line, "fields."+name, r.Fields[name], true)
	}
}

func (c *checker) expression(r *Expression) {
	line := r.Pos.Line
	c.arg(line, "args", r.Args, false, SelArg, SelRest)
	c.word(line, "join", r.Join, []string{"AND", "OR"}, false)
	if r.Text == "" && r.Join == "" && len(r.Ops) == 0 {
		c.add(line, "row of expressions needs text, join or ops; say what it stands for in a statement")
	}
}

func (c *checker) context(r *Context) {
	line := r.Pos.Line
	c.arg(line, "name", r.Name, true)
	c.arg(line, "value", r.Value, false)
	c.arg(line, "parent", r.Parent, false)
	if r.Result && r.Value == "" {
		c.add(line, "result needs value; a call that only reads makes no new context")
	}
}

func (c *checker) effect(r *Effect) {
	line := r.Pos.Line
	c.word(line, "class", string(r.Class), classes, false)
	if r.Class == "" && r.SQL == "" && r.Command == "" {
		c.add(line, "row of effects needs class, sql or command; say what a repetition changes")
	}
	if r.Class != "" && r.SQL != "" {
		c.add(line, "row of effects has both class and sql; the statement decides, drop class")
	}
	if len(r.Commands) > 0 && r.Command == "" {
		c.add(line, "commands needs command; say which argument names the operation")
	}
	for _, name := range sortedKeys(r.Commands) {
		c.word(line, "commands."+name, string(r.Commands[name]), classes, true)
		if name != strings.ToUpper(name) {
			c.add(line, "commands.%s must be upper case", name)
		}
	}
	c.arg(line, "sql", r.SQL, false)
	c.arg(line, "args", r.Args, false)
	c.arg(line, "command", r.Command, false)
	c.arg(line, "identity", r.Identity, false)
	c.arg(line, "entity", r.Entity, false)
	c.arg(line, "ttl", r.TTL, false)
	c.arg(line, "table", r.Table, false)
	for _, a := range r.Dedupe {
		c.arg(line, "dedupe", a, true)
	}
	c.word(line, "result", r.Result, results, false)
	for _, sig := range r.Shape {
		c.signature(line, "shape", sig, true)
	}
	c.text(line, r.Text)
	for i := range r.When {
		c.when(&r.When[i])
	}
}

func (c *checker) when(w *When) {
	line := w.Pos.Line
	c.arg(line, "arg", w.Arg, true)
	if !w.Has && !w.Absent && len(w.Is)+len(w.Contains)+len(w.Call)+len(w.Keys)+len(w.Bits) == 0 && w.From == "" {
		c.add(line, "condition asks nothing; add has, absent, is, contains, call, keys, bits or from")
	}
	if w.Has && w.Absent {
		c.add(line, "condition asks has and absent, which never hold together")
	}
	c.word(line, "from", w.From, origins, false)
	c.word(line, "class", string(w.Class), classes, true)
	c.text(line, w.Text)
	c.qualified(line, &w.Call)
}

// qualified checks symbols that may stand with their package path.
func (c *checker) qualified(line int, on *Symbols) {
	var out Symbols
	for _, text := range *on {
		path, symbol := splitQualified(text)
		own := Symbols{symbol}
		c.symbols(line, &own)
		for _, s := range own {
			out = append(out, path+s)
		}
	}
	*on = out
}

// splitQualified cuts "example.com/pkg.T.M" into "example.com/pkg." and "T.M".
func splitQualified(text string) (path, symbol string) {
	slash := strings.LastIndexByte(text, '/')
	if slash < 0 {
		return "", text
	}
	dot := strings.IndexByte(text[slash:], '.')
	if dot < 0 {
		return "", text
	}
	return text[:slash+dot+1], text[slash+dot+1:]
}

func (c *checker) call(r *Call) {
	c.arg(r.Pos.Line, "func", r.Func, true)
	c.word(r.Pos.Line, "mode", r.Mode, modes, true)
	c.arg(r.Pos.Line, "feed", r.Feed, false)
	c.arg(r.Pos.Line, "args", r.Args, false)
	c.arg(r.Pos.Line, "key", r.Key, r.Mode == "alone")
}

func (c *checker) generator(r *Generator) {
	c.word(r.Pos.Line, "kind", r.Kind, kinds, true)
}

func (c *checker) protection(r *Protection) {
	line := r.Pos.Line
	c.word(line, "kind", r.Kind, guardKinds, true)
	c.arg(line, "func", r.Func, false)
	c.arg(line, "key", r.KeyArg, false)
	c.arg(r.Pos.Line, "header-by", r.HeaderBy, false)
	c.arg(r.Pos.Line, "shared-by", r.SharedBy, false)
	c.arg(r.Pos.Line, "skipped-by", r.SkippedBy, false)
}
