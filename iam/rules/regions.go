package rules

import (
	"slices"
	"strings"

	"github.com/assize-dev/assize/iam"
)

// outsideRegion is the name of no Region: what may be done there may be done in any that no policy speaks of.
const outsideRegion = "zz-unnamed-1"

// awsRegions are Regions of each partition, those that people know first ("Regions and Availability Zones", AWS).
var awsRegions = map[string][]string{
	"aws": {
		"us-east-1", "us-west-2", "eu-west-1", "eu-central-1", "ap-northeast-1", "ap-southeast-2", "us-east-2", "us-west-1", "ca-central-1", "ca-west-1",
		"mx-central-1", "sa-east-1", "eu-west-2", "eu-west-3", "eu-central-2", "eu-north-1", "eu-south-1", "eu-south-2", "ap-east-1", "ap-east-2",
		"ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-south-2", "ap-southeast-1", "ap-southeast-3", "ap-southeast-4", "ap-southeast-5",
		"ap-southeast-6", "ap-southeast-7", "me-central-1", "me-south-1", "il-central-1", "af-south-1",
	},
	"aws-us-gov": {"us-gov-west-1", "us-gov-east-1"},
	"aws-cn":     {"cn-north-1", "cn-northwest-1"},
	"aws-eusc":   {"eusc-de-east-1"},
}

// regions are the Regions that requests of an action are tried in: those given, and one for all of each kind that
// policies tell apart.
func (p *Principal) regions(action string) []string {
	patterns := p.regionPatterns(action)
	out, seen := slices.Clone(p.Regions), map[string]bool{}
	if len(patterns) == 0 && len(out) > 0 {
		return out // policies tell none from another
	}
	for _, r := range out {
		seen[told(r, patterns)] = true
	}
	return append(out, p.someRegions(patterns, seen, out)...)
}

// regionsBut are the same without those that are left out.
func (p *Principal) regionsBut(action string, leftOut []string) []string {
	return p.someRegions(p.regionPatterns(action), map[string]bool{}, leftOut)
}

// someRegions are Regions, none of those left out, that the patterns tell from one another and from those seen: first
// those that AWS has, then what patterns name or mean besides.
func (p *Principal) someRegions(patterns []string, seen map[string]bool, leftOut []string) []string {
	var out []string
	add := func(region string) {
		if how := told(region, patterns); !seen[how] && !slices.Contains(leftOut, region) && len(out) < maxPatterns {
			seen[how] = true
			out = append(out, region)
		}
	}
	for _, region := range awsRegions[p.partition()] {
		add(region)
	}
	for _, pattern := range patterns {
		if region := some.Replace(pattern); !strings.ContainsAny(region, "$:") {
			add(region)
		}
	}
	add(outsideRegion)
	return out
}

// told spells which of the patterns take a Region.
func told(region string, patterns []string) string {
	out := make([]byte, len(patterns))
	for i, pattern := range patterns {
		out[i] = '-'
		if likeText(region, pattern) {
			out[i] = '+'
		}
	}
	return string(out)
}

// regionPatterns are what policies say of Regions where they speak of an action: in ARNs and in conditions, in lower case.
func (p *Principal) regionPatterns(action string) []string {
	var out []string
	add := func(pattern string) {
		pattern = strings.ToLower(pattern)
		if pattern != "" && pattern != anything && !slices.Contains(out, pattern) && len(out) < maxPatterns {
			out = append(out, pattern)
		}
	}
	identity, limits := layers(&p.Principal)
	for _, policy := range slices.Concat(identity, limits) {
		for i := range policy.Len() {
			s := policy.Statement(i)
			if !s.MatchesAction(action) {
				continue
			}
			resources, _ := s.Resources()
			for _, resource := range resources {
				if parts := strings.SplitN(resource, ":", 6); len(parts) > 3 {
					add(parts[3])
				}
			}
			addRegionValues(s, add)
		}
	}
	return out
}

// patternsIn are the resource patterns that may be about a Region.
func patternsIn(region string, patterns []string) []string {
	return slices.DeleteFunc(slices.Clone(patterns), func(pattern string) bool {
		parts := strings.SplitN(pattern, ":", 6)
		return len(parts) == 6 && !likeText(region, strings.ToLower(parts[3]))
	})
}

// addRegionValues adds what the conditions of a statement say of the Region.
func addRegionValues(s *iam.Statement, add func(string)) {
	for _, c := range s.Conditions() {
		if strings.EqualFold(c.Key, regionKey) {
			for _, v := range c.Values {
				add(v)
			}
		}
	}
}

// likeText says whether a pattern with * and ? takes a text whole. It goes back to the last * alone, so that no pattern
// makes it long.
func likeText(text, pattern string) bool {
	at, star, from := 0, -1, 0
	for i := 0; i < len(text); {
		switch {
		case at < len(pattern) && pattern[at] == '*':
			star, from = at, i
			at++
		case at < len(pattern) && (pattern[at] == '?' || pattern[at] == text[i]):
			at++
			i++
		case star >= 0:
			from++
			at, i = star+1, from
		default:
			return false
		}
	}
	return strings.Trim(pattern[at:], "*") == ""
}
