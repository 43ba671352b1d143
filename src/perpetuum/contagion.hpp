#pragma once
/// contagion: how losses spread over a static network of debts, and what it is worth before they do.

#include <perpetuum/clearing.hpp>

#include <cstddef>
#include <vector>

namespace perpetuum {

// Networks are those of `clearing`; of them, one rank, no holdings and no guarantees count here: what
// else they have is not looked at. `cash` is all that a firm has outside the network. Functions throw
// BadInput when a vector has another length than the firms or a number is out of range.

/// Cash and claims at face value, less all debts; below zero: insolvent at the start. Here as in all
/// below, what is within 10^-12 of the sum of a firm's cash, claims and debts is nothing.
std::vector<double> equity_at_face(DebtNetwork const& network);

// ---- DebtRank
// ---------------------------------------------------------------------------------------------------

enum class DebtRankKind {
    once,     ///< each firm passes its distress on once (Battiston et al. 2012)
    repeated, ///< every further loss is passed on (Bardoscia et al. 2015, 2016)
};
struct DebtRankOptions {
    DebtRankKind kind = DebtRankKind::repeated;
    /// Of a claim on a firm that has lost the share h of its equity, h · exp(alpha (h − 1)) is taken
    /// off: 0 the linear DebtRank; the larger, the nearer to losses at default only. `repeated` only.
    double alpha = 0;
    double recovery = 0; ///< share of a claim that is never lost, 0..1
    int most_rounds = 100'000;
};
struct Distress {
    std::vector<double> loss; ///< firm: share of its equity lost, 0..1; 1 where there was none
    int rounds = 0;
    bool settled = true; ///< false: a limit ended it, or rounding could move it by more than 10^-6
};
/// From a first loss of each firm (share of its equity, 0..1) to the least loss that follows.
/// Losses within 10^-12 of all are all.
/// cost    rounds × claims on firms whose loss grew; above 200 rounds, linear equations
Distress debt_rank(DebtNetwork const& network, std::vector<double> const& first_loss,
                   DebtRankOptions options = {});
/// Σ loss · equity of firms solvent at the start, in the network's unit.
double equity_lost(std::vector<double> const& equity, std::vector<double> const& loss);

// ---- network valuation (NEVA)
// -----------------------------------------------------------------------------------

/// What a claim on a firm is worth, of its face, when the firm's equity is worth E.
enum class Valuation {
    face,           ///< 1
    eisenberg_noe,  ///< 1 where E ≥ 0, else what its assets cover: clearing, after the fact
    furfine,        ///< 1 where E ≥ 0, else the recovery rate
    linear,         ///< E over equity at face value, between 0 and 1: linear DebtRank
    before_default, ///< expected at maturity, outside assets a geometric Brownian motion without
                    ///< drift: Merton within the network
};
struct ValuationOptions {
    Valuation valuation = Valuation::eisenberg_noe;
    double recovery = 0;   ///< furfine
    double volatility = 0; ///< before_default: of outside assets, a year
    double maturity = 1;   ///< before_default: years
    int most_rounds = 100'000;
};
struct NetworkValue {
    std::vector<double> equity; ///< firm: may be below zero
    std::vector<double> worth;  ///< firm: of a claim on it, 0..1
    int rounds = 0;
    bool settled = true; ///< false: a limit ended it above, or rounding could move it by over 10^-6
};
/// The greatest equities E = cash − debts + Σ claim · worth(E of debtor), from face value downwards;
/// eisenberg_noe by clearing.
/// cost    rounds × claims whose worth fell; above 200 rounds, linear equations
/// source  Barucca et al. (2020), Mathematical Finance 30
NetworkValue value_network(DebtNetwork const& network, std::vector<double> const& cash,
                           ValuationOptions options = {});
/// The function of Valuation::before_default: of a firm with equity E, outside assets A and all
/// debts L.
double worth_before_default(double equity, double outside, double owed, double volatility,
                            double maturity);

// ---- cascades
// ---------------------------------------------------------------------------------------------------

struct Cascade {
    std::vector<int> round; ///< firm: 0 stands, 1 failed at the start, then one more a round
    int failed = 0;
};
/// A firm fails once claims on failed firms, less recovery, exceed its equity at face value. Who has
/// less than no equity fails at the start.
/// source  Gai and Kapadia (2010), Proceedings of the Royal Society A 466
Cascade default_cascade(DebtNetwork const& network, std::vector<int> const& first,
                        double recovery = 0);
/// A firm fails once at least this share of its debtors (counted, not weighed) has.
/// source  Watts (2002), PNAS 99
Cascade threshold_cascade(DebtNetwork const& network, std::vector<int> const& first,
                          double threshold);

// ---- fire sales
// -------------------------------------------------------------------------------------------------

enum class PriceImpact {
    linear,      ///< price = 1 − impact · sold, at least 0
    exponential, ///< price = exp(−impact · sold)
};
struct AssetHoldings {
    struct Holding {
        int firm = 0, asset = 0;
        double amount = 0; ///< at price 1
    };
    int firms = 0, assets = 0;
    std::vector<Holding> holdings;
    std::vector<double> impact; ///< asset: in the form below, for a unit of money at price 1
    PriceImpact form = PriceImpact::exponential;
};

struct LeverageSales {
    std::vector<double> first_loss; ///< firm: by the shock itself
    std::vector<double> sold;       ///< asset
    std::vector<double> price;      ///< asset, after shock and sales
    std::vector<double> later_loss; ///< firm: by the sales of all, at what it held after the shock
    double vulnerability = 0;       ///< later losses over all equity
};
/// A shock takes shares off prices; every firm returns to the leverage it had (debt over equity) by
/// selling of each asset in proportion; the sales press prices once.
/// equity  firm: > 0, before the shock
/// source  Greenwood, Landier and Thesmar (2015), Journal of Financial Economics 115
LeverageSales leverage_sales(AssetHoldings const& holdings, std::vector<double> const& equity,
                             std::vector<double> const& shock);

struct CapitalSales {
    std::vector<double> price; ///< asset
    std::vector<double> share; ///< firm: of its assets that it sells, 0..1
    ClearedNetwork cleared;    ///< debts at these prices
    int rounds = 0;
    bool settled = true;
};
/// Firms must have capital of at least `ratio` of their assets at risk (holdings and claims; cash is
/// none): who has less sells holdings in proportion, all of them if insolvent; sales press prices,
/// prices press capital; debts are cleared at each price. The greatest prices.
/// shock   asset: share taken off its price before anybody sells; none: no shock
/// source  Cifuentes, Ferrucci and Shin (2005), Journal of the European Economic Association 3
CapitalSales capital_sales(NetworkClearing const& debts, std::vector<double> const& cash,
                           AssetHoldings const& holdings, double ratio,
                           std::vector<double> const& shock = {});

// ---- who matters
// ------------------------------------------------------------------------------------------------

enum class RankingBy { clearing, debt_rank, cascade };
struct SystemicRank {
    int firm = 0;
    double own = 0;    ///< equity it loses by the shock itself, of what is left without it
    double others = 0; ///< equity that all others lose
    int failures = 0;  ///< others that fail, and would not without the shock
    bool settled = true;
};
/// Each firm shocked alone by a share of its cash; the ones that cost others most come first.
/// cascade: the firm fails outright. Equity is cut off at zero.
/// cost    firms × one clearing or spread
std::vector<SystemicRank> rank_firms(DebtNetwork const& network, RankingBy by, double share,
                                     DebtRankOptions options = {});

// ---- from balance sheets alone
// ------------------------------------------------------------------------------------

/// A bank as Glasserman and Young see it.
struct BankSheet {
    double outside = 0;   ///< assets outside the network
    double net_worth = 0; ///< > 0
    double share_in = 0;  ///< of its debts, those inside the network: β
};
/// Above 1, whatever the network: banks `through` fall together more likely by their own shocks than
/// by contagion from `from` (for shocks to outside assets drawn alike). Their (16):
/// (Σ w / Σ 1/λ) / (c β (1 − 1/λ)), λ = outside assets over net worth.
/// source  Glasserman and Young (2015), Journal of Banking & Finance 50
double weak_contagion_ratio(BankSheet const& from, std::vector<BankSheet> const& through);

/// Debts of which only the sums by lender and borrower are known, spread as evenly as the sums and
/// the empty diagonal allow (most entropy). `lent` and `borrowed` must have equal sums; nobody may
/// have lent more than all others have borrowed.
/// returns  debts, debtors first by number; those below 10^-12 of all left out
/// source   Upper (2011); the example of Anand, Craig and von Peter (2015)
std::vector<DebtNetwork::Debt> spread_debts(std::vector<double> const& lent,
                                            std::vector<double> const& borrowed);

} // namespace perpetuum
