package main

import (
	"cmp"

	"github.com/assize-dev/assize"
)

// liveIndex finds the resource of an account that a planned one has become.
type liveIndex struct {
	byName map[liveName][]*assize.Resource
}

type liveName struct{ typ, name string }

func newLiveIndex(inv *assize.Inventory) *liveIndex {
	x := &liveIndex{byName: make(map[liveName][]*assize.Resource, 3*len(inv.Resources))}
	for _, r := range inv.Resources {
		seen := map[string]bool{"": true}
		for _, name := range append([]string{r.ARN, r.ID}, r.Names...) {
			if !seen[name] {
				seen[name] = true
				key := liveName{r.Type, name}
				x.byName[key] = append(x.byName[key], r)
			}
		}
	}
	return x
}

// find returns the one resource that has the ARN, or else one of the names, in the account and
// Region as far as they are known; nil where there is none, or more than one.
func (x *liveIndex) find(typ, account, region, arn string, names []string) *assize.Resource {
	if arn != "" {
		if all := x.byName[liveName{typ, arn}]; len(all) == 1 && fitsPlace(all[0], account, region) {
			return all[0]
		}
	}
	var found *assize.Resource
	for _, name := range names {
		for _, r := range x.byName[liveName{typ, name}] {
			switch {
			case !fitsPlace(r, account, region), r == found:
			case found != nil:
				return nil
			default:
				found = r
			}
		}
	}
	return found
}

// planned finds what a planned resource is in the account.
func (x *liveIndex) planned(r *assize.Resource) *assize.Resource {
	return x.find(r.Type, r.Account, r.Region, r.KnownARN(), r.Names)
}

func fitsPlace(r *assize.Resource, account, region string) bool {
	if cmp.Or(account, r.Account) != r.Account {
		return false
	}
	return region == "" || region == assize.UnknownRegion || region == r.Region
}
