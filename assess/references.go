package assess

import (
	"strconv"
	"strings"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/graph"
)

// A function that looks up what its argument names needs no more of it than that:
// the ARN of a key that a plan makes is not known, but which key it will be is. Such
// functions are bound as not strict, and their argument becomes a handle. Every other
// unknown argument is answered as CEL answers for strict functions.

// handleMark begins a handle; no name or ARN begins with it.
const handleMark = "\x00"

// handle is a resource that a value will name.
type handle struct {
	resource *assize.Resource
	unknown  *assize.Unknown // the value
}

// argument says what a function does with a parameter whose value is not known, but
// which resource it will name.
type argument int

const (
	// strictly: nothing, the answer is unknown.
	strictly argument = iota
	// byReference: it looks the resource up.
	byReference
	// byARN: it compares the ARN with those in a policy document; a planned ARN does
	// that as well as the real one, see document.
	byARN
)

// lenient lets call have handles and ARNs for arguments that are not known. kinds are
// those of the parameters, the context among them; the missing ones are strict.
func lenient(kinds []argument, call func([]ref.Val) ref.Val) func([]ref.Val) ref.Val {
	return func(args []ref.Val) ref.Val {
		c, ok := args[0].(*evalContext)
		if !ok {
			return args[0]
		}
		var missing *types.Unknown
		var failed ref.Val
		for i, a := range args {
			if i < len(kinds) && kinds[i] != strictly {
				if v := c.standIn(kinds[i], a); v != nil {
					args[i] = v
					continue
				}
			}
			switch x := a.(type) {
			case *types.Unknown:
				missing = types.MergeUnknowns(missing, x)
			case *types.Err:
				failed = x
			}
		}
		switch {
		case missing != nil:
			return missing
		case failed != nil:
			return failed
		}
		return call(args)
	}
}

// standIn is what stands for an unknown argument: nil when it is known, or it is not
// known which resource it will name.
func (c *evalContext) standIn(kind argument, v ref.Val) ref.Val {
	r, u := c.referred(v)
	switch {
	case r == nil:
		return nil
	case kind == byReference:
		c.handles = append(c.handles, handle{r, u})
		return types.String(handleMark + strconv.Itoa(len(c.handles)-1))
	case r.ARN == "":
		return nil
	}
	return types.String(r.ARN)
}

// referred returns the resource that an unknown value will name, and the unknown.
func (c *evalContext) referred(v ref.Val) (*assize.Resource, *assize.Unknown) {
	u, ok := v.(*types.Unknown)
	if !ok {
		return nil, nil
	}
	ids := c.causes.idsOf(u)
	if len(ids) != 1 {
		return nil, nil
	}
	k, ok := c.causes.of(ids[0])
	if !ok {
		return nil, nil
	}
	if k.unknown == nil || k.unknown.Rest {
		return nil, nil
	}
	return c.graph.Referred(k.unknown), k.unknown
}

// handleOf returns the handle that a text stands for.
func (c *evalContext) handleOf(name string) (handle, bool) {
	n, ok := strings.CutPrefix(name, handleMark)
	if !ok {
		return handle{}, false
	}
	i, err := strconv.Atoi(n)
	if err != nil || i >= len(c.handles) {
		return handle{}, false
	}
	return c.handles[i], true
}

// lookup is graph.Find from where the subject stands, for names and handles.
func (c *evalContext) lookup(typ, name string) (*assize.Resource, *assize.Unknown) {
	h, ok := c.handleOf(name)
	switch {
	case !ok:
		return c.graph.Find(typ, c.account, c.region, name)
	case h.resource.Type != typ:
		return nil, h.unknown
	}
	return h.resource, nil
}

// label is a name as people may read it.
func (c *evalContext) label(name string) string {
	if h, ok := c.handleOf(name); ok {
		return h.resource.Label()
	}
	return name
}

// isKnown answers _known: true of an element that will name a resource of the plan,
// since then it is there.
func (c *evalContext) isKnown(v ref.Val) ref.Val {
	if r, _ := c.referred(v); r != nil {
		return types.True
	}
	if types.IsUnknownOrError(v) {
		return v
	}
	return types.True
}

// placeKnown reports that account and Region of the subject are known, as they are of
// everything that was read from AWS.
func (c *evalContext) placeKnown() bool { return c.account != "" && regionKnown(c.region) }

func regionKnown(region string) bool { return region != "" && region != assize.UnknownRegion }

// placeUnknown says why what depends on account or Region is not known.
func (c *evalContext) placeUnknown() *assize.Unknown {
	return &assize.Unknown{Cause: assize.UntilApply, Detail: unknownPlace}
}

// unknownPlace is why a question that turns on where the subject is has no answer: nobody said it to the plan.
const unknownPlace = "the account or the Region of the resource is not known"

// matchesSomewhere reports whether an ARN could match a pattern if it stood in another
// account, Region or partition.
func matchesSomewhere(pattern, text string) bool {
	p, t := strings.SplitN(pattern, ":", 6), strings.SplitN(text, ":", 6)
	if len(p) < 6 || len(t) < 6 {
		return strings.Contains(pattern, "*")
	}
	t[1], t[3], t[4] = p[1], p[3], p[4]
	return graph.Glob(pattern, strings.Join(t, ":"))
}
