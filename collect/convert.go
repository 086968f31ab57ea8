package collect

import (
	"encoding/json"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/assize-dev/assize"
)

// fact finds and converts one value.
func (d *derivation) fact(p *factPlan, at *frame) assize.Value {
	if p.self != "" {
		return d.self(p.self)
	}
	if p.masked {
		return d.masked(p, at)
	}
	if p.fact.Type == assize.Strings {
		return d.strings(p, at)
	}
	f, unknown := d.walk(d.start(p.from, at), p.from.steps, p.from.operation)
	if unknown != nil {
		return unknown
	}
	if f.value == nil || f.value == "" && p.fact.Ref != "" {
		return nil // services answer "" for a key, role or subnet that is not set
	}
	v := d.convert(p, f.value)
	if v == nil {
		return wrongKind(p.from.operation, p.fact.SourcePath(), "of type "+string(p.fact.Type))
	}
	return v
}

func (d *derivation) self(what string) assize.Value {
	var s string
	switch what {
	case "$id":
		s = d.rec.ID
	case "$arn":
		s = d.rec.ARN
	case "$account":
		return d.whole(d.rec.Account)
	case "$region":
		return d.whole(d.rec.Region)
	}
	if s == "" {
		return nil
	}
	return s
}

// whole is a text that many records share; an empty one is absent.
func (d *derivation) whole(s string) assize.Value {
	if s == "" {
		return nil
	}
	return d.texts.value(s)
}

// masked tells whether a secret was masked at the path or below it. Where there is
// nothing at the path it is absent, so that it does not bring an object into being.
func (d *derivation) masked(p *factPlan, at *frame) assize.Value {
	f, unknown := d.walk(d.start(p.from, at), p.from.steps, p.from.operation)
	if unknown != nil {
		return unknown
	}
	if f.value == nil {
		return nil
	}
	return slices.ContainsFunc(d.answer(p.from.operation).masked, func(path string) bool {
		rest, below := strings.CutPrefix(path, f.path)
		return below && (rest == "" || f.path == "" || rest[0] == '.' || rest[0] == '[')
	})
}

// strings gathers a list of strings, through all lists of its path.
func (d *derivation) strings(p *factPlan, at *frame) assize.Value {
	var out assize.List
	unknown, present := d.gather(d.start(p.from, at), p, p.from.steps, &out)
	switch {
	case unknown != nil:
		return unknown
	case !present:
		return nil
	case out == nil:
		return assize.List{}
	}
	return slices.Clip(out)
}

// gather appends the strings found from f along the steps. present is false when
// the first list is absent.
func (d *derivation) gather(f frame, p *factPlan, steps []step, out *assize.List) (unknown *assize.Unknown, present bool) {
	if n := nextList(steps); n > 0 {
		frames, unknown, present := d.elements(origin{operation: p.from.operation, depth: 1, steps: steps[:n]}, &f)
		if unknown != nil || !present {
			return unknown, present
		}
		for _, element := range frames {
			if unknown, _ := d.gather(element, p, steps[n:], out); unknown != nil {
				return unknown, true
			}
		}
		return nil, true
	}
	f, unknown = d.walk(f, steps, p.from.operation)
	if unknown != nil || f.value == nil {
		return unknown, false
	}
	list, ok := f.value.(assize.List)
	if !ok {
		list = assize.List{f.value}
	}
	for _, v := range list {
		switch v := v.(type) {
		case string:
			*out = append(*out, d.text(p, v))
		case *assize.Unknown:
			*out = append(*out, v)
		default:
			return wrongKind(p.from.operation, p.fact.SourcePath(), "a list of strings"), true
		}
	}
	return nil, true
}

// text returns a text of the fact, the one of its enum where that lists it.
func (d *derivation) text(p *factPlan, s string) assize.Value {
	if v, ok := p.enum[s]; ok {
		return v
	}
	return d.texts.value(s)
}

// convert returns the value in the fact's type, nil when it is of another kind.
func (d *derivation) convert(p *factPlan, v assize.Value) assize.Value {
	switch p.fact.Type {
	case assize.String:
		if s, ok := v.(string); ok {
			return d.text(p, s)
		}
	case assize.Int:
		return toInt(v)
	case assize.Double:
		return toDouble(v)
	case assize.Bool:
		return toBool(v)
	case assize.Timestamp:
		return toTimestamp(v)
	case assize.Policy:
		return toPolicy(v)
	case assize.Strings:
	}
	return nil
}

func toInt(v assize.Value) assize.Value {
	switch v := v.(type) {
	case int64:
		return v
	case float64:
		if v == math.Trunc(v) && math.Abs(v) < 1<<53 {
			return int64(v)
		}
	case string:
		if n, err := strconv.ParseInt(v, 10, 64); err == nil {
			return n
		}
	}
	return nil
}

func toDouble(v assize.Value) assize.Value {
	switch v := v.(type) {
	case float64:
		return v
	case int64:
		return float64(v)
	case string:
		if f, err := strconv.ParseFloat(v, 64); err == nil && !math.IsNaN(f) && !math.IsInf(f, 0) {
			return f
		}
	}
	return nil
}

func toBool(v assize.Value) assize.Value {
	switch v := v.(type) {
	case bool:
		return v
	case string:
		switch {
		case strings.EqualFold(v, "true"):
			return true
		case strings.EqualFold(v, "false"):
			return false
		}
	}
	return nil
}

// milliseconds begin where seconds would be after the year 5000: CloudWatch Logs
// gives milliseconds, others seconds.
const milliseconds = 100_000_000_000

// toTimestamp returns RFC 3339 in UTC.
func toTimestamp(v assize.Value) assize.Value {
	var t time.Time
	switch v := v.(type) {
	case string:
		var err error
		if t, err = time.Parse(time.RFC3339, v); err != nil {
			return nil
		}
	case int64:
		t = time.Unix(v, 0)
		if v >= milliseconds {
			t = time.UnixMilli(v)
		}
	case float64:
		if v < 0 || v >= milliseconds {
			return nil
		}
		t = time.UnixMilli(int64(v * 1000))
	default:
		return nil
	}
	if t = t.UTC(); t.Year() < 0 || t.Year() > 9999 {
		return nil
	}
	return t.Format(time.RFC3339Nano)
}

// toPolicy returns the text of a policy document. IAM gives it percent-encoded.
func toPolicy(v assize.Value) assize.Value {
	switch v := v.(type) {
	case string:
		if !strings.HasPrefix(strings.TrimSpace(v), "%") {
			return v
		}
		text, err := url.PathUnescape(strings.TrimSpace(v))
		if err != nil {
			return nil
		}
		return text
	case assize.Object:
		if text, err := json.Marshal(v); err == nil {
			return string(text)
		}
	}
	return nil
}
