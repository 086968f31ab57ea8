package fakeaws

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"
)

//go:embed routes.json
var routesJSON []byte

// service is one AWS service as the committed table describes it.
type service struct {
	name     string
	id       string
	signing  string
	protocol Protocol
	target   string
	routes   []route
	ops      map[string]bool
}

// route is one operation's method and URI pattern.
type route struct {
	service   *service
	method    string
	segments  []segment
	query     []queryNeed
	operation string
}

// segment is one path segment: literal text or a label.
type segment struct {
	text   string
	label  bool
	greedy bool
}

// queryNeed is a query-string key a route needs, with a value when it names one.
type queryNeed struct{ key, value string }

// routeTable indexes the services by the names under which requests know them.
type routeTable struct {
	botocore string
	byName   map[string]*service
	bySigner map[string][]*service
}

// routes parses the committed table once.
var routes = sync.OnceValue(func() *routeTable {
	t, err := parseRoutes(routesJSON)
	if err != nil {
		panic(fmt.Sprintf("fakeaws: the committed routes.json is broken: %v", err))
	}
	return t
})

// parseRoutes reads what gen/routes.py writes.
func parseRoutes(data []byte) (*routeTable, error) {
	var file struct {
		Botocore string
		Services []struct {
			Name, ID, Signing, Protocol, Target string
			Operations                          []string
		}
	}
	if err := json.Unmarshal(data, &file); err != nil {
		return nil, err
	}
	t := &routeTable{botocore: file.Botocore, byName: map[string]*service{}, bySigner: map[string][]*service{}}
	for _, f := range file.Services {
		s := &service{
			name: f.Name, id: f.ID, signing: f.Signing, protocol: Protocol(f.Protocol),
			target: f.Target, ops: map[string]bool{},
		}
		for _, line := range f.Operations {
			r, err := parseRoute(s, line)
			if err != nil {
				return nil, err
			}
			s.routes = append(s.routes, r)
			s.ops[r.operation] = true
		}
		t.byName[s.name] = s
		t.bySigner[s.signing] = append(t.bySigner[s.signing], s)
	}
	return t, nil
}

// parseRoute reads "METHOD URI Operation".
func parseRoute(s *service, line string) (route, error) {
	parts := strings.Fields(line)
	if len(parts) != 3 {
		return route{}, fmt.Errorf("service %s: route %q has %d parts, want 3", s.name, line, len(parts))
	}
	r := route{service: s, method: parts[0], operation: parts[2]}
	path, query, _ := strings.Cut(parts[1], "?")
	for _, text := range splitPath(path) {
		seg := segment{text: text}
		if strings.HasPrefix(text, "{") && strings.HasSuffix(text, "}") {
			seg.label = true
			seg.text, seg.greedy = strings.CutSuffix(text[1:len(text)-1], "+")
		}
		r.segments = append(r.segments, seg)
	}
	for need := range strings.SplitSeq(query, "&") {
		if need != "" {
			key, value, _ := strings.Cut(need, "=")
			r.query = append(r.query, queryNeed{key, value})
		}
	}
	return r, nil
}

// splitPath splits an escaped path; slashes at both ends do not count.
func splitPath(path string) []string {
	path = strings.Trim(path, "/")
	if path == "" {
		return nil
	}
	return strings.Split(path, "/")
}

// matches tells whether the escaped segments and the query fit the route.
func (r *route) matches(method string, segments []string, query url.Values) bool {
	if r.method != method || !r.matchesPath(segments) {
		return false
	}
	for _, need := range r.query {
		if !query.Has(need.key) || (need.value != "" && query.Get(need.key) != need.value) {
			return false
		}
	}
	return true
}

func (r *route) matchesPath(segments []string) bool {
	for i, seg := range r.segments {
		if seg.greedy {
			rest := r.segments[i+1:]
			return len(segments) > i+len(rest) && literalsEqual(rest, segments[len(segments)-len(rest):])
		}
		if i >= len(segments) || (!seg.label && seg.text != segments[i]) {
			return false
		}
	}
	return len(r.segments) == len(segments)
}

func literalsEqual(pattern []segment, segments []string) bool {
	return slices.EqualFunc(pattern, segments, func(p segment, s string) bool { return p.label || p.text == s })
}

// weight orders routes that fit the same request: the more a route asks for,
// the better it fits.
func (r *route) weight() int {
	w := 10 * len(r.query)
	for _, seg := range r.segments {
		if !seg.label {
			w += 100
		} else if !seg.greedy {
			w++
		}
	}
	return w
}

// labels returns the decoded URI labels of a path that the route fits.
func (r *route) labels(segments []string) map[string]string {
	out := map[string]string{}
	for i, seg := range r.segments {
		if !seg.label || i >= len(segments) {
			continue
		}
		text := segments[i]
		if seg.greedy {
			text = strings.Join(segments[i:len(segments)-(len(r.segments)-i-1)], "/")
		}
		if decoded, err := url.PathUnescape(text); err == nil {
			text = decoded
		}
		out[seg.text] = text
	}
	return out
}

// checkOperation returns an error unless the table has the operation, so that
// a misspelt fixture is refused instead of never being used.
func checkOperation(serviceName, operation string) (*service, error) {
	s := routes().byName[serviceName]
	if s == nil {
		return nil, fmt.Errorf("unknown service %q: use botocore's folder name, or add it to gen/routes.py", serviceName)
	}
	if !s.ops[operation] {
		return nil, fmt.Errorf("service %s has no operation %q in botocore %s", serviceName, operation, routes().botocore)
	}
	return s, nil
}
