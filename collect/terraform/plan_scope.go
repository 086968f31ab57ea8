package terraform

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"github.com/assize-dev/assize"
)

// scope is where the resources of one provider configuration go.
type scope struct {
	key             string
	account, region string
	// tags that the provider gives to all; an *Unknown where they are not known.
	tags assize.Value
}

var (
	regionName = regexp.MustCompile(`^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$`)
	accountID  = regexp.MustCompile(`^\d{12}$`)
)

// of is the account and Region of one resource: its own where it says so.
func (s *scope) of(attributes assize.Object) (account, region string) {
	account, region = s.account, s.region
	if arn, ok := attributes.Get("arn").(string); ok {
		a, r := scopeOfARN(arn)
		if a != "" {
			account = a
		}
		if r != "" {
			region = r
		}
	}
	if own, ok := attributes.Get("region").(string); ok && regionName.MatchString(own) {
		region = own
	}
	return account, region
}

// scopeOfARN takes account and Region out of an ARN; "" for what it does not have.
func scopeOfARN(arn string) (account, region string) {
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) != 6 || parts[0] != "arn" {
		return "", ""
	}
	if accountID.MatchString(parts[4]) {
		account = parts[4]
	}
	if regionName.MatchString(parts[3]) {
		region = parts[3]
	}
	return account, region
}

// scopesOf works out where the resources of each provider configuration go: by its
// arguments, by the ARNs of what is there already, and by the options.
func (f *planFile) scopesOf() {
	proven := map[string][]string{}
	for _, p := range f.objects {
		key := f.providerKey(p)
		if p.mode == "data" || !f.needed(&p.change) {
			continue
		}
		arn, _ := objectOf(p.beforeValues).Get("arn").(string)
		if account, _ := scopeOfARN(arn); account != "" && !slices.Contains(proven[key], account) {
			proven[key] = append(proven[key], account)
		}
	}
	keys := map[string]bool{}
	for key := range f.conf.providers {
		keys[key] = true
	}
	for _, p := range f.objects {
		keys[f.providerKey(p)] = true
	}
	for key := range keys {
		f.scopes[key] = f.scopeOf(key, proven[key])
	}
	for _, p := range f.objects {
		p.scope = f.scopes[f.providerKey(p)]
	}
}

// providerKey is that of the provider configuration of a resource; what the configuration
// does not have any more is of the default one.
func (f *planFile) providerKey(p *planned) string {
	if p.block != nil && p.block.provider != "" {
		return cmp.Or(f.conf.inherited[p.block.provider], p.block.provider)
	}
	return p.provider[strings.LastIndexByte(p.provider, '/')+1:]
}

func (f *planFile) scopeOf(key string, proven []string) *scope {
	s := &scope{key: key, account: f.o.Account, region: f.o.Region}
	args := f.conf.providers[key]
	in := f.instance(moduleAddress(moduleSteps(moduleOfKey(key))))
	c := context{in: in}
	if region := f.textOf(c, args.field("region")); regionName.MatchString(region) {
		s.region = region
	}
	for _, arn := range f.textsOf(c, args.field("assume_role"), "role_arn") {
		if account, _ := scopeOfARN(arn); account != "" {
			s.account = account
		}
	}
	if list, ok := f.valueOf(c, args.field("allowed_account_ids")).(assize.List); ok && len(list) == 1 {
		if id, ok := list[0].(string); ok && accountID.MatchString(id) {
			s.account = id
		}
	}
	if len(proven) == 1 {
		s.account = proven[0]
	}
	s.tags = f.defaultTags(c, args.field("default_tags"))
	return s
}

// moduleOfKey is the address of the module in which a provider is configured: "module.m" of
// the key "module.m:aws".
func moduleOfKey(key string) string {
	address, _, ok := strings.Cut(key, ":")
	if !ok {
		return ""
	}
	return address
}

// defaultTags are those that a provider configuration gives to all resources.
func (f *planFile) defaultTags(c context, e *cfgExpr) assize.Value {
	if e == nil {
		return assize.Object{}
	}
	tags := assize.Object{}
	blocks := e.list
	if len(blocks) == 0 {
		blocks = []*cfgExpr{e}
	}
	for _, block := range blocks {
		arg := block.field("tags")
		if arg == nil {
			continue
		}
		o, ok := f.valueOf(c, arg).(assize.Object)
		if !ok {
			return &assize.Unknown{Cause: assize.UntilApply, Detail: because("default_tags of the provider", arg)}
		}
		for _, tag := range o {
			tags = tags.Set(tag.Name, tag.Value)
		}
	}
	return tags
}

// textsOf are the values of an argument of blocks.
func (f *planFile) textsOf(c context, e *cfgExpr, name string) []string {
	if e == nil {
		return nil
	}
	if len(e.list) == 0 {
		return []string{f.textOf(c, e.field(name))}
	}
	var texts []string
	for _, one := range e.list {
		texts = append(texts, f.textOf(c, one.field(name)))
	}
	return texts
}

func (f *planFile) textOf(c context, e *cfgExpr) string {
	text, _ := f.valueOf(c, e).(string)
	return text
}

// valueOf is the value of an expression that is a constant, or one reference to a variable with
// a known value; nil otherwise. A plan does not show what an expression does with a
// reference, so this is only for arguments that are checked to be what they should.
func (f *planFile) valueOf(c context, e *cfgExpr) assize.Value {
	if e == nil || e.known {
		if e == nil {
			return nil
		}
		return e.constant
	}
	refs := distinct(e.refs)
	if len(refs) != 1 {
		return nil
	}
	return f.valueOfReference(c, parseAddress(refs[0]), 0)
}

// valueOfReference is the known value of a reference; nil where there is none.
func (f *planFile) valueOfReference(c context, ref []segment, hops int) assize.Value {
	if len(ref) < 2 || c.in == nil || hops > maxHops {
		return nil
	}
	switch ref[0].name {
	case "var":
		return at(f.valueOfVariable(c, ref[1].name, hops), ref[1].key, ref[2:])
	case "each", "count":
		if (ref[1].name == "key" || ref[1].name == "index") && c.key.kind != noKey {
			return c.key.text
		}
	}
	return nil
}

func (f *planFile) valueOfVariable(c context, name string, hops int) assize.Value {
	if c.in.parent == nil {
		if v, ok := f.variables[name]; ok {
			return v
		}
		if c.in.conf != nil {
			return c.in.conf.variables[name]
		}
		return nil
	}
	if c.in.conf == nil || c.in.conf.call == nil {
		return nil
	}
	arg := c.in.conf.call.args.field(name)
	switch {
	case arg == nil:
		return c.in.conf.variables[name]
	case arg.known:
		return arg.constant
	}
	refs := distinct(arg.refs)
	if len(refs) != 1 {
		return nil
	}
	return f.valueOfReference(c.in.context(), parseAddress(refs[0]), hops+1)
}

// at follows a way within a known value.
func at(v assize.Value, key instanceKey, way []segment) assize.Value {
	v = index(v, key)
	for _, step := range way {
		if step.name != "" {
			v = objectOf(v).Get(step.name)
		}
		v = index(v, step.key)
	}
	return v
}

func index(v assize.Value, key instanceKey) assize.Value {
	switch key.kind {
	case textKey:
		return objectOf(v).Get(key.text)
	case numberKey:
		list, _ := v.(assize.List)
		for i := range list {
			if (instanceKey{numberKey, itoa(i)}) == key {
				return list[i]
			}
		}
		return nil
	case noKey:
	}
	return v
}
