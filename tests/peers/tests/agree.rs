//! The numerics beside the crates of the field that do the same: statrs for tails, linfa for the rest. Neither is on the path of a
//! number (ARCHITECTURE.md says why); that they agree is worth knowing.

use linfa::prelude::*;
use linfa_clustering::{Dbscan, KMeans};
use linfa_linear::LinearRegression;
use linfa_reduction::Pca;
use proptest::prelude::*;
use quyu_econometrics::Matrix;
use quyu_econometrics::profiles::{self, Distances, KMeansOptions, PcaOptions};
use quyu_econometrics::regression::{OlsOptions, ols};
use statrs::distribution::{ChiSquared, ContinuousCDF, FisherSnedecor, Normal, StudentsT};

/// Equal up to a relative 1e-9, or to 1e-13 where a probability is next to nothing: what statrs promises.
fn agree(ours: f64, theirs: f64) -> bool {
    (ours - theirs).abs() <= 1e-9 * theirs.abs() + 1e-13
}

/// Three columns of values that vary.
fn tables(rows: usize) -> impl Strategy<Value = Vec<f64>> {
    proptest::collection::vec(-100.0..100.0f64, 3 * rows)
}

fn array(table: &[f64]) -> ndarray::Array2<f64> {
    ndarray::Array2::from_shape_vec((table.len() / 3, 3), table.to_vec()).unwrap()
}

fn matrix(table: &[f64]) -> Matrix<'_> {
    Matrix::new(table, table.len() / 3, 3).unwrap()
}

proptest! {
    #[test]
    fn tails_agree_with_statrs(x in 0.0..80.0f64, one in 1u32..60, other in 1u32..60) {
        let (one, other) = (f64::from(one), f64::from(other));
        let normal = Normal::standard().cdf(x - 40.0);
        prop_assert!(agree(quyu_math::normal_cdf(x - 40.0), normal));
        let chi = ChiSquared::new(one).unwrap().sf(x);
        prop_assert!(agree(quyu_math::chi_square_upper(x, one), chi));
        let f = FisherSnedecor::new(one, other).unwrap();
        let (lower, upper) = quyu_math::f_tails(x, one, other);
        prop_assert!(agree(lower, f.cdf(x)));
        prop_assert!(agree(upper, f.sf(x)));
        let t = 2.0 * StudentsT::new(0.0, 1.0, one).unwrap().sf(x);
        prop_assert!(agree(quyu_math::student_t_two_sided(x, one), t));
    }

    #[test]
    fn least_squares_agree_with_linfa(table in tables(12)) {
        let array = array(&table);
        let y: Vec<f64> = array.column(2).to_vec();
        let x: Vec<f64> = array.rows().into_iter().flat_map(|r| [r[0], r[1]]).collect();
        let ours = ols(&y, Matrix::new(&x, 12, 2).unwrap(), &OlsOptions::default()).unwrap();
        let records = array.slice(ndarray::s![.., ..2]).to_owned();
        let theirs = LinearRegression::new()
            .fit(&Dataset::new(records, array.column(2).to_owned()))
            .unwrap();
        prop_assert!((ours.coefficients[0] - theirs.intercept()).abs() < 1e-8);
        for (a, b) in ours.coefficients[1..].iter().zip(theirs.params()) {
            prop_assert!((a - b).abs() < 1e-10);
        }
    }

    #[test]
    fn dense_clusters_agree_with_linfa(table in tables(40), radius in 10.0..80.0f64) {
        let distances = Distances::euclidean(matrix(&table)).unwrap();
        let ours = profiles::dbscan(&distances, radius, 3).unwrap();
        let theirs = Dbscan::params(3).tolerance(radius).transform(&array(&table)).unwrap();
        // A point that two clusters reach may go to either; what is noise is noise in both.
        for (a, b) in ours.iter().zip(&theirs) {
            prop_assert_eq!(a.is_none(), b.is_none());
        }
        prop_assert_eq!(ours.iter().flatten().max(), theirs.iter().flatten().max());
    }

    #[test]
    fn components_agree_with_linfa(table in tables(20)) {
        let options = PcaOptions { scale: false, ddof: 1 };
        let ours = profiles::pca(matrix(&table), &options).unwrap();
        let theirs = Pca::params(3).fit(&DatasetBase::from(array(&table))).unwrap();
        for (a, b) in ours.explained.iter().zip(theirs.explained_variance_ratio()) {
            // Theirs stop at 1e-5.
            prop_assert!((a - b).abs() < 1e-4, "{} {}", a, b);
        }
    }

    #[test]
    fn no_start_of_linfa_finds_better_clusters(table in tables(30)) {
        let ours = profiles::kmeans(matrix(&table), 3, &KMeansOptions::default()).unwrap();
        let data = DatasetBase::from(array(&table));
        let found = KMeans::params(3).tolerance(1e-9).fit(&data).unwrap();
        let labels = profiles::renumber(&found.predict(&data).to_vec()).unwrap();
        let theirs = profiles::sum_of_squares(matrix(&table), &labels).unwrap().within;
        prop_assert!(ours.within <= theirs * (1.0 + 1e-12), "{} {}", ours.within, theirs);
    }
}
