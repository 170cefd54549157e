// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/views/staffed_shop.h"

#include "models/store/unit_of_work.h"
#include "views/desk/approvals_page.h"
#include "views/widgets/data_table.h"
#include "workflows/services/order_placement.h"
#include "workflows/services/verification.h"
#include "workflows/tcc/ledger.h"

#include <QDir>
#include <QLineEdit>
#include <QPushButton>

#include <future>

namespace counterfoil {

namespace {

constexpr int testNode = 1001;

template<class T>
void unwrap(const Result<T>& result)
{
    if (!result) {
        qFatal("staffed shop: %s", qPrintable(result.error().text()));
    }
}

} // namespace

StaffedShop::StaffedShop(DatabaseKind kind, EmbeddedOptions options) : m_database(TestDatabase::create(kind))
{
    options.database = m_database->url();
    m_services = std::make_unique<EmbeddedServices>(options);
    unwrap(m_services->start());
    fill();
}

StaffedShop::~StaffedShop()
{
    m_services.reset();
}

Theme& StaffedShop::theme() const
{
    // It sets the application's style.
    static auto* theme = new Theme(*qApp, ThemeMode::Light);
    return *theme;
}

void StaffedShop::fill()
{
    IdSource ids(m_clock, testNode);
    UnitOfWork work(m_database->writer(), m_clock, ids);
    unwrap(work.begin());
    const MerchantId merchant = work.merchants.add({ids.next<MerchantId>(), QStringLiteral("quill"), QStringLiteral("Quill"), BasisPoints(1000), work.now()}).id;
    const WarehouseId warehouse = work.warehouses.add({ids.next<WarehouseId>(), QStringLiteral("SHOP"), QStringLiteral("Shop")}).id;
    const ProductId product = work.products.add({ids.next<ProductId>(), QStringLiteral("P-1"), QStringLiteral("Desk"), QStringLiteral("things"), merchant}).id;
    const SkuId sku = work.skus.add({ids.next<SkuId>(), product, QStringLiteral("DESK"), QStringLiteral("oak"), FulfilmentKind::Physical}).id;
    const Money price(qint64{19'900}, *Currency::parse(u"USD"));
    work.priceTiers.add({ids.next<PriceTierId>(), sku, 1, price.currency(), price, {}, {}, {}});
    work.stocks.add({ids.next<StockId>(), sku, warehouse, 100, 0, 0});
    unwrap(work.commit());
}

OrderId StaffedShop::place(const QString& number)
{
    NewOrder order;
    order.orderNo = number;
    order.buyerRef = QStringLiteral("B-1");
    order.buyerName = QStringLiteral("Ada Lovelace");
    order.currency = *Currency::parse(u"USD");
    order.shipping = order.topUpMultiple = Money::zero(order.currency);
    order.funding = Funding::Gateway;
    order.paymentMethod = QStringLiteral("pm_card_visa");
    NewOrderLine line;
    line.sku = QStringLiteral("DESK");
    line.quantity = 1;
    order.lines.push_back(line);
    std::promise<Result<std::vector<Result<PlacedOrder>>>> placed;
    m_services->worker().runOnWriter([&](Connection&, OrderPlacement& placement) { placed.set_value(placement.place(std::span(&order, 1), {.actor = QStringLiteral("api:shop")})); });
    const auto outcome = placed.get_future().get();
    require(outcome.has_value() && outcome->front().has_value(), "the order is placed");
    return outcome->front()->id;
}

OrderId StaffedShop::placePaid(const QString& number)
{
    const OrderId id = place(number);
    const bool isPaid = QTest::qWaitFor([&] { return orderOf(id).state == u"fulfilling"; }, patienceMs);
    require(isPaid, "the order is paid");
    return id;
}

CaseId StaffedShop::openReview(OrderId order)
{
    InterventionCase item;
    IdSource ids(m_clock, testNode);
    item.id = ids.next<CaseId>();
    item.kind = QStringLiteral("order_review");
    item.severity = CaseSeverity::Critical;
    item.order = order;
    item.dedupeKey = QStringLiteral("order_review:%1").arg(order.value());
    item.detail = QStringLiteral("The buyer reports that the desk came broken.");
    item.openedAt = m_clock.now();
    item.amount = orderOf(order).payable;
    item.dueAt = item.openedAt + serviceLevel(item.severity, item.amount);
    const auto added = insertRow(m_database->writer(), item);
    require(added.has_value(), "the case is opened");
    return item.id;
}

AccountId StaffedShop::fillWallet()
{
    IdSource ids(m_clock, testNode);
    UnitOfWork work(m_database->writer(), m_clock, ids);
    unwrap(work.begin());
    const CustomerId ada = work.customers.add({ids.next<CustomerId>(), QStringLiteral("B-7"), QStringLiteral("Ada Lovelace"), {}, {}, work.now()}).id;
    const Money amount(qint64{50'000}, *Currency::parse(u"USD"));
    const AccountRef wallet = AccountRef::wallet(ada, amount.currency());
    const AccountRef bank = AccountRef::system(AccountKind::Bank, amount.currency());
    unwrap(work.loadAccounts({wallet, bank}));
    unwrap(post(work, {EntryKind::Recharge, QStringLiteral("recharge:1"), {}, {}}, {{bank, Bucket::Available, *amount.negated()}, {wallet, Bucket::Available, amount}}));
    const AccountId id = work.account(wallet).id;
    unwrap(work.commit());
    return id;
}

bool StaffedShop::isSound()
{
    const auto verified = verifyDatabase(m_database->reader());
    unwrap(verified);
    return verified->holds();
}

bool Seat::sitDown(Role role)
{
    const auto known = [&] { return window.isOpen() && (desk.isSignedInByDatabase() || !desk.demonstrationPeople().empty()); };
    if (!QTest::qWaitFor(known, patienceMs)) {
        return false;
    }
    if (desk.isSignedInByDatabase()) {
        return desk.person().role == role;
    }
    const auto person = std::ranges::find(desk.demonstrationPeople(), role, &Person::role);
    desk.workAs(*person);
    return true;
}

CommandId Seat::fileRequest(const QString& amount, const QString& reason)
{
    auto* asking = dialog<RequestDialog>();
    if (!asking) {
        return {};
    }
    if (!amount.isEmpty()) {
        asking->amount()->selectAll();
        QTest::keyClicks(asking->amount(), amount);
    }
    QTest::keyClicks(asking->reason(), reason);
    QTest::keyClick(asking->reason(), Qt::Key_Return);
    auto* preview = dialog<CommandDialog>();
    if (!preview || !QTest::qWaitFor([preview] { return preview->isSettled() && preview->fileButton()->isVisible(); }, patienceMs)) {
        qInfo("nothing to file: %s", preview ? qPrintable(toString(preview->command().status) + u' ' + preview->command().result) : "no preview");
        return {};
    }
    const CommandId id = preview->command().id;
    shoot(*preview, qPrintable(QStringLiteral("preview-%1").arg(toString(preview->command().kind))));
    QTest::mouseClick(preview->fileButton(), Qt::LeftButton);
    const bool isFiled = QTest::qWaitFor([preview] { return preview->isSettled() && preview->command().status != CommandStatus::Previewed; }, patienceMs);
    preview->accept();
    return isFiled ? id : CommandId();
}

bool Seat::approveFirst()
{
    auto* approvals = go<ApprovalsPage>("approvals");
    if (!approvals || !QTest::qWaitFor([approvals] { return approvals->waiting()->model()->rowCount() == 1; }, patienceMs)) {
        return false;
    }
    approvals->waiting()->setCurrentIndex(approvals->waiting()->model()->index(0, 0));
    QTest::keyClick(approvals->waiting(), Qt::Key_Return);
    auto* deciding = dialog<CommandDialog>();
    if (!deciding || !QTest::qWaitFor([deciding] { return deciding->isSettled() && deciding->approveButton()->isVisible(); }, patienceMs)) {
        return false;
    }
    QTest::mouseClick(deciding->approveButton(), Qt::LeftButton);
    const bool isDone = QTest::qWaitFor([deciding] { return deciding->command().status == CommandStatus::Done; }, patienceMs);
    deciding->accept();
    return isDone;
}

void shoot(QWidget& widget, const char* name)
{
    const QString folder = qEnvironmentVariable("COUNTERFOIL_TEST_PICTURES");
    if (!folder.isEmpty() && QDir().mkpath(folder)) {
        QVERIFY(widget.grab().save(QStringLiteral("%1/%2.png").arg(folder, QLatin1String(name))));
    }
}

} // namespace counterfoil
