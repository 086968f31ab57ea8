package org

import (
	"path"
	"slices"
	"strings"

	"github.com/assize-dev/assize/iam"
	"github.com/assize-dev/assize/iam/plan"
)

// A policy may allow to create things of some names or in some Regions alone, or to read some
// objects of a bucket. Who makes the call chooses a name that is allowed, so those that policies
// speak of are tried beside one that none fixes.

// place is where something is created, and under which name.
type place struct{ region, name string }

type placesKey struct {
	document *Document
	first    string // call of the creation
}

// variants are a route by every place that it is worth trying for a principal. A route that
// creates nothing has one.
func (s *search) variants(p *Principal, r *Route) []*Route {
	out := []*Route{r}
	if r.creation == nil {
		return out
	}
	places := []place{{s.region, sampleName}}
	for _, d := range p.Identity {
		places = append(places, s.placesOf(d.Document, r.creation)...)
	}
	if len(places) == 1 && len(s.otherRegions()) == 0 {
		return out
	}
	for _, at := range places {
		if at.region == "" {
			at.region = s.region
		}
		for _, region := range append([]string{at.region}, s.otherRegions()...) {
			v := r.creation.route(r.Role, place{region, at.name})
			v.Unknown = r.Unknown
			if !slices.ContainsFunc(out, func(x *Route) bool {
				return x.Calls[0].Target == v.Calls[0].Target && x.Calls[0].Region == v.Calls[0].Region
			}) {
				out = append(out, &v)
			}
		}
	}
	return out
}

// otherRegions are those of the catalog where policies speak of the Region: what is created
// elsewhere works under the role all the same.
func (s *search) otherRegions() []string {
	if s.regions == nil {
		s.regions = []string{}
		if slices.Contains(s.org.Catalog.Mentioned, "aws:requestedregion") {
			for _, r := range s.org.Catalog.All() {
				if r.Region != "" && r.Region != "global" && !slices.Contains(s.regions, r.Region) {
					s.regions = append(s.regions, r.Region)
				}
			}
			slices.Sort(s.regions)
		}
	}
	return s.regions
}

// placesOf reads names and Regions from what a document allows to create.
func (a *Analysis) placesOf(d *Document, c *creation) []place {
	key := placesKey{d, c.calls[0]}
	if known, ok := a.places[key]; ok {
		return known
	}
	var out []place
	for _, pattern := range allowedResources(d.Policy) {
		if at, ok := c.placeIn(pattern); ok && !slices.Contains(out, at) {
			out = append(out, at)
		}
	}
	a.places[key] = out
	return out
}

// allowedResources are the patterns of Resource in statements that allow.
func allowedResources(p *iam.Policy) []string {
	var out []string
	for i := range p.Len() {
		if s := p.Statement(i); s.Effect() == iam.Allow {
			if patterns, negated := s.Resources(); !negated {
				out = append(out, patterns...)
			}
		}
	}
	return out
}

// placeIn is what a pattern leaves of the place of something that is created.
func (c *creation) placeIn(pattern string) (place, bool) {
	parts := strings.SplitN(pattern, ":", 6)
	operation, resource, _ := strings.Cut(c.calls[0], " ")
	service, _, _ := strings.Cut(operation, ":")
	if len(parts) < 6 || parts[2] != service {
		return place{}, false
	}
	at := place{parts[3], sampleName}
	if strings.ContainsAny(at.region, "*?$") {
		at.region = ""
	}
	if name, ok := strings.CutPrefix(parts[5], resource); ok && resource != "*" {
		at.name, ok = concrete(name, sampleName)
		return at, ok
	}
	return at, at.region != ""
}

// concrete is a text that a pattern means; false for one with a variable.
func concrete(pattern, sample string) (string, bool) {
	if strings.Contains(pattern, "${") {
		return "", false
	}
	return strings.NewReplacer("*", sample, "?", "x").Replace(pattern), true
}

// objectsOf are the patterns in statements that allow, which mean some objects of buckets and
// not all.
func objectsOf(p *iam.Policy) []string {
	var out []string
	for _, pattern := range allowedResources(p) {
		_, resource, ok := strings.Cut(pattern, ":s3:::")
		if _, key, within := strings.Cut(resource, "/"); ok && within && strings.Trim(key, "*") != "" && !slices.Contains(out, resource) {
			out = append(out, resource)
		}
	}
	return out
}

// objects lists by bucket what policies mean of its objects, beside all of them.
func (o *Organisation) objects() map[string][]string {
	out := map[string][]string{}
	buckets := o.Catalog.Of(plan.Bucket)
	for _, d := range o.documents.all {
		for _, resource := range d.objects {
			name, key, _ := strings.Cut(resource, "/")
			key, ok := concrete(key, plan.SampleObject)
			if !ok {
				continue
			}
			for _, b := range buckets {
				_, bucket, _ := strings.Cut(b.ARN, ":::")
				if matched, err := path.Match(name, bucket); err == nil && matched && !slices.Contains(out[b.ARN], key) {
					out[b.ARN] = append(out[b.ARN], key)
				}
			}
		}
	}
	for _, keys := range out {
		slices.Sort(keys)
	}
	return out
}

// mayPass says whether identity policies of a principal may allow a creation, under some name,
// and handing over its role.
func (a *Analysis) mayPass(p *Principal, creation *plan.Plan) bool {
	if !a.mayAllowSome(p, creation.Checks[0].Action) {
		return false
	}
	for i := range creation.Checks {
		c := &creation.Checks[i]
		if c.Action == "iam:PassRole" && !a.mayAllow(p, c) {
			return false
		}
	}
	return true
}
