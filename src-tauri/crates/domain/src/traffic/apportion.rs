//! Splits a whole number by weights with the largest remainder method.

use std::cmp::Reverse;

/// Splits `total` into whole parts in proportion to the weights. The parts add up to `total`, and none is a whole unit
/// or more away from its exact share. Without any weight the parts are equal. Of equal remainders, the larger weight is
/// rounded up first, then the earlier one.
pub fn apportion(total: u32, weights: &[u32]) -> Vec<u32> {
    let equal = weights.iter().all(|weight| *weight == 0);
    let weights: Vec<u64> = weights
        .iter()
        .map(|weight| if equal { 1 } else { u64::from(*weight) })
        .collect();
    let sum: u64 = weights.iter().sum();
    if sum == 0 {
        return Vec::new();
    }
    let exact = weights.iter().map(|weight| u64::from(total) * weight);
    // At most `total`, because a weight is at most their sum.
    let mut parts: Vec<u32> = exact.clone().map(|share| (share / sum) as u32).collect();
    let remainders: Vec<u64> = exact.map(|share| share % sum).collect();
    let mut order: Vec<usize> = (0..parts.len()).collect();
    order.sort_by_key(|&at| (Reverse(remainders[at]), Reverse(weights[at]), at));
    let left = total - parts.iter().sum::<u32>();
    for at in order.into_iter().take(left as usize) {
        parts[at] += 1;
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::apportion;
    use proptest::prelude::*;

    #[test]
    fn the_largest_remainders_are_rounded_up() {
        for (total, weights, parts) in [
            (100, &[1, 1, 1][..], &[34, 33, 33][..]),
            (100, &[0, 0, 0], &[34, 33, 33]),
            (95, &[60, 40], &[57, 38]),
            (75, &[50, 30, 20], &[38, 22, 15]),
            (10, &[0, 5], &[0, 10]),
            (0, &[3, 4], &[0, 0]),
            (7, &[], &[]),
        ] {
            assert_eq!(apportion(total, weights), parts, "{total} by {weights:?}");
        }
    }

    proptest! {
        #[test]
        fn parts_add_up_and_are_within_one_of_the_exact_share(
            total in 0u32..=10_000, weights in prop::collection::vec(0u32..=1_000, 1..20),
        ) {
            let parts = apportion(total, &weights);
            prop_assert_eq!(parts.iter().sum::<u32>(), total);
            let sum: u32 = weights.iter().sum();
            for (part, weight) in parts.iter().zip(&weights) {
                let (weight, sum) = if sum == 0 { (1, weights.len() as u32) } else { (*weight, sum) };
                let exact = f64::from(total) * f64::from(weight) / f64::from(sum);
                prop_assert!((f64::from(*part) - exact).abs() < 1.0, "{part} for {exact}");
            }
        }

        #[test]
        fn a_smaller_total_raises_no_part(
            weights in prop::collection::vec(0u32..=100, 1..20), less in 1u32..=50,
        ) {
            let sum: u32 = weights.iter().sum();
            prop_assume!(sum >= less);
            let parts = apportion(sum - less, &weights);
            prop_assert!(parts.iter().zip(&weights).all(|(part, weight)| part <= weight));
        }
    }
}
