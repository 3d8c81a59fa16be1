package config

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"gangway/internal/playbook"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// Bounds of one file. The parser takes time quadratic in the keys of one
// mapping and stack in proportion to the depth, so both are bounded before it.
const (
	mostBytes  = 1 << 20
	mostDepth  = 24
	mostKeys   = 500
	mostFaults = 100
)

// spot is a place in a file, from 1.
type spot struct{ line, column int }

// source is one file while it is read: its lines for excerpts, the faults found
// so far, and where each value of the result stands.
type source struct {
	name   string
	lines  []string
	faults Faults
	more   int
	// places leads from a path of the result's JSON form to where it was written.
	places map[string]spot
	// bad are the paths whose value could not be read: what a later check says of
	// them, or of anything below, would be a consequence and not news.
	bad map[string]bool
	// repaired are the lines that were left out to get past faults of syntax.
	repaired []int
	// syntax is how many of the faults come from before the walk.
	syntax int
}

func (s *source) fault(at spot, hint, format string, args ...any) {
	if len(s.faults) >= mostFaults {
		s.more++
		return
	}
	f := Fault{File: s.name, Line: at.line, Column: at.column, Hint: hint, Message: fmt.Sprintf(format, args...)}
	if at.line >= 1 && at.line <= len(s.lines) {
		f.Excerpt = excerpt(s.lines[at.line-1], at.line, at.column)
	}
	s.faults = append(s.faults, f)
}

// err is the result of reading: nil, or Faults.
func (s *source) err() error {
	if len(s.repaired) > 0 {
		s.forget(s.syntax)
	}
	if s.more > 0 {
		s.faults = append(s.faults, Fault{File: s.name, Line: len(s.lines) + 1, Column: 1, Message: fmt.Sprintf("and %d more faults", s.more)})
		s.more = 0
	}
	return s.faults.sorted()
}

// semantic adds what a check of the result found, at the place where it was
// written.
func (s *source) semantic(found []playbook.Fault) {
	for _, f := range found {
		if s.spoilt(f.Place) || len(s.repaired) > 0 {
			continue
		}
		s.fault(s.find(f.Place), f.Hint, "%s", f.Message)
	}
}

// find is the place of a path, or of the nearest thing around it.
func (s *source) find(path string) spot {
	for {
		if at, ok := s.places[path]; ok {
			return at
		}
		if path = parent(path); path == "" {
			return spot{1, 1}
		}
	}
}

func (s *source) spoilt(path string) bool {
	for ; path != ""; path = parent(path) {
		if s.bad[path] {
			return true
		}
	}
	return false
}

// parent cuts the last ".key" or "[n]" off a path.
func parent(path string) string {
	return path[:max(strings.LastIndexAny(path, ".["), 0)]
}

// read parses a file into its one document's body; nil when there is nothing to
// walk. Faults are in s.
func read(name string, data []byte) (*source, ast.Node) {
	s := &source{name: name, places: map[string]spot{}, bad: map[string]bool{}}
	if len(data) > mostBytes {
		s.fault(spot{}, "split it, or attach documents instead", "the file has %d bytes, more than %d", len(data), mostBytes)
		return s, nil
	}
	text := strings.ReplaceAll(strings.TrimPrefix(string(data), "\uFEFF"), "\r\n", "\n")
	s.lines = strings.Split(text, "\n")
	if !s.readable() {
		return s, nil
	}
	tokens := lexer.Tokenize(text)
	if !s.bounded(tokens) {
		return s, nil
	}
	s.plain(tokens)
	file := s.parse(text, tokens)
	s.syntax = len(s.faults)
	if file == nil {
		return s, nil
	}
	return s, s.body(file)
}

// readable finds bytes that are no text.
func (s *source) readable() bool {
	for i, line := range s.lines {
		column := 0
		for j, r := range line {
			column++
			if r == utf8.RuneError {
				if _, size := utf8.DecodeRuneInString(line[j:]); size == 1 {
					s.fault(spot{i + 1, column}, "save the file as UTF-8", "byte %#02x is not UTF-8", line[j])
					break
				}
			}
			if r < ' ' && r != '\t' || r == 0x7f {
				s.fault(spot{i + 1, column}, "remove it", "the control character U+%04X is no text", r)
				break
			}
		}
	}
	return len(s.faults) == 0
}

// bounded walks the tokens once and refuses what would make the parser slow or
// deep.
func (s *source) bounded(tokens token.Tokens) bool {
	type level struct{ column, keys int }
	var block []level
	var flow []int
	inside := func(column int) {
		for len(block) > 0 && block[len(block)-1].column > column {
			block = block[:len(block)-1]
		}
		if len(block) == 0 || block[len(block)-1].column < column {
			block = append(block, level{column: column})
		}
	}
	for _, t := range tokens {
		at, keys := place(t), 0
		switch t.Type {
		case token.SequenceStartType, token.MappingStartType:
			flow = append(flow, 0)
		case token.SequenceEndType, token.MappingEndType:
			flow = flow[:max(len(flow)-1, 0)]
		case token.SequenceEntryType:
			if len(flow) == 0 {
				inside(at.column)
				block[len(block)-1].keys = 0
			}
		case token.MappingValueType:
			if len(flow) > 0 {
				flow[len(flow)-1]++
				keys = flow[len(flow)-1]
				break
			}
			key := at.column
			if t.Prev != nil {
				key = place(t.Prev).column
			}
			inside(key)
			block[len(block)-1].keys++
			keys = block[len(block)-1].keys
		case token.MappingKeyType:
			s.fault(at, "write `key: value`", "a key after a question mark is not taken")
			return false
		}
		if len(block)+len(flow) > mostDepth {
			s.fault(at, "", "this is nested deeper than %d levels", mostDepth)
			return false
		}
		if keys > mostKeys {
			s.fault(at, "", "more than %d keys in one place", mostKeys)
			return false
		}
	}
	return true
}

// plain refuses the parts of YAML that make one place of a file mean another.
func (s *source) plain(tokens token.Tokens) {
	for _, t := range tokens {
		switch t.Type {
		case token.AnchorType:
			s.fault(place(t), "write the value out, or quote it if it is text", "anchors (&) are not taken")
		case token.AliasType:
			s.fault(place(t), "write the value out, or quote it if it is text", "aliases (*) are not taken")
		case token.TagType:
			s.fault(place(t), "leave it out, or quote the value if it is text", "tags (!) are not taken")
		case token.MergeKeyType:
			s.fault(place(t), "write the keys out", "merge keys (<<) are not taken")
		case token.DirectiveType:
			s.fault(place(t), "leave it out", "directives (%%) are not taken")
		}
	}
}

// parse leaves out a line where the parser stops and tries again, so that faults
// of syntax are reported together, and with them whatever else can be seen.
func (s *source) parse(text string, tokens token.Tokens) *ast.File {
	tries := 20
	if len(text) > 1<<16 {
		tries = 3
	}
	lines := strings.Split(text, "\n")
	for range tries {
		file, message, at := parseTokens(tokens)
		if message == "" {
			return file
		}
		at.line = min(max(at.line, 1), len(lines))
		if t := unclosed(tokens, at); t != nil {
			message, at = fmt.Sprintf("this %s is never closed", t.Value), place(t)
		}
		s.fault(at, "", "%s", message)
		s.repaired = append(s.repaired, at.line)
		if strings.TrimSpace(lines[at.line-1]) == "" {
			return nil
		}
		lines[at.line-1] = ""
		tokens = lexer.Tokenize(strings.Join(lines, "\n"))
	}
	return nil
}

// unclosed is the bracket that is still open on an earlier line where the parser
// stopped: the line to mend is that one, not where the parser noticed.
func unclosed(tokens token.Tokens, at spot) *token.Token {
	var stack []*token.Token
	for _, t := range tokens {
		if p := place(t); p.line > at.line || p.line == at.line && p.column >= at.column {
			break
		}
		switch t.Type {
		case token.SequenceStartType, token.MappingStartType:
			stack = append(stack, t)
		case token.SequenceEndType, token.MappingEndType:
			stack = stack[:max(len(stack)-1, 0)]
		}
	}
	if len(stack) == 0 || place(stack[len(stack)-1]).line == at.line {
		return nil
	}
	return stack[len(stack)-1]
}

// forget drops what was found after the parser in the blocks where lines were
// left out: there a missing line can make anything of its neighbours. A block is
// a line without indentation and the indented ones below.
func (s *source) forget(syntax int) {
	block := func(line int) int {
		for line > 1 && (line > len(s.lines) || s.lines[line-1] == "" || strings.ContainsAny(s.lines[line-1][:1], " \t-#")) {
			line--
		}
		return line
	}
	var broken []int
	for _, line := range s.repaired {
		broken = append(broken, block(line))
	}
	kept := s.faults[:syntax:syntax]
	for _, f := range s.faults[syntax:] {
		if !slices.Contains(broken, block(f.Line)) {
			kept = append(kept, f)
		}
	}
	s.faults = kept
}

// parseTokens runs the parser. It has panicked on hostile input before; such a
// file is unreadable, no reason to fall over.
func parseTokens(tokens token.Tokens) (file *ast.File, message string, at spot) {
	defer func() {
		if recover() != nil {
			file, message, at = nil, "this cannot be read as YAML", spot{1, 1}
		}
	}()
	file, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err == nil {
		return file, "", spot{}
	}
	var located yaml.Error
	if errors.As(err, &located) && located.GetToken() != nil {
		return nil, located.GetMessage(), place(located.GetToken())
	}
	return nil, "this cannot be read as YAML", spot{1, 1}
}

// body is the content of the only document.
func (s *source) body(file *ast.File) ast.Node {
	var body ast.Node
	for _, doc := range file.Docs {
		if doc == nil || doc.Body == nil {
			continue
		}
		if body != nil {
			s.fault(s.at(doc.Body), "put it into a file of its own", "a second document begins here")
			break
		}
		body = doc.Body
	}
	if body == nil && len(s.faults) == 0 {
		s.fault(spot{1, 1}, "", "the file is empty")
	}
	return body
}

// place is where a token stands; the parser counts columns in characters.
func place(t *token.Token) spot {
	if t == nil || t.Position == nil {
		return spot{1, 1}
	}
	return spot{max(t.Position.Line, 1), max(t.Position.Column, 1)}
}
