// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/ledger_tables.h"
#include "models/store/catalog_tables.h"
#include "tests/support/expect.h"
#include "tests/support/sample_rows.h"
#include "tests/support/test_database.h"
#include "workflows/services/journal/journal_export.h"

#include <QBuffer>
#include <QProcess>
#include <QRandomGenerator>

using namespace counterfoil;

namespace {

/// What hledger prints for a journal; an empty optional means that it refused it.
struct HledgerRun {
    int exitCode = -1;
    QString output;
    QString errors;
};

HledgerRun hledger(const QByteArray& journal, const QStringList& arguments)
{
    QProcess process;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("LC_ALL"), QStringLiteral("C.UTF-8"));
    process.setProcessEnvironment(environment);
    process.start(QStringLiteral("hledger"), QStringList{QStringLiteral("-f"), QStringLiteral("-")} + arguments);
    if (!process.waitForStarted()) {
        return {-1, {}, QStringLiteral("the program hledger is needed for this test: ") + process.errorString()};
    }
    process.write(journal);
    process.closeWriteChannel();
    if (!process.waitForFinished(60'000)) {
        return {-1, {}, QStringLiteral("hledger didn't end")};
    }
    return {process.exitCode(), QString::fromUtf8(process.readAllStandardOutput()), QString::fromUtf8(process.readAllStandardError())};
}

/// `"account","commodity","balance"` per line; a quote within is doubled.
std::map<std::pair<QString, QString>, QString> balancesIn(const QString& csv)
{
    std::map<std::pair<QString, QString>, QString> balances;
    const QStringList lines = csv.split(u'\n', Qt::SkipEmptyParts);
    for (const QString& line : lines.mid(1)) {
        QStringList fields = line.mid(1, line.size() - 2).split(QStringLiteral("\",\""));
        fields.replaceInStrings(QStringLiteral("\"\""), QStringLiteral("\""));
        balances[{fields.value(0), fields.value(1)}] = fields.value(2);
    }
    return balances;
}

Currency currency(const char* code)
{
    return *Currency::parse(QString::fromLatin1(code));
}

const QStringList hostileNames{
    QStringLiteral("Claire Gute"),
    QStringLiteral("two  spaces  and ; a comment"),
    QStringLiteral("colon:name:available"),
    QStringLiteral("colon%3Aname%3Aavailable"),
    QStringLiteral("(virtual) [balanced]"),
    QStringLiteral(" leading and trailing "),
    QStringLiteral("tab\tand\nnewline\r\n2024-01-01 injected\n    assets  1 USD"),
    QStringLiteral("=HYPERLINK(\"x\") @ 3 USD {4} * ! |"),
    QStringLiteral("Zoë 東京\u3000商店 \U0001F600 \u202ekcab\u200b \u00a0\u00a0"),
    QStringLiteral("100%"),
    QStringLiteral("a  1000.00 USD"),
    QStringLiteral("  "),
};

/// A ledger whose entries are made at random but balanced, over all accounts of a currency.
class RandomBooks {
public:
    explicit RandomBooks(Connection& connection) : m_connection(connection)
    {
        for (int i = 0; i < hostileNames.size(); ++i) {
            insert(Customer{CustomerId(i + 1), hostileNames[i], hostileNames[i], QStringLiteral("a@example.com"), {}, sampleTime});
            // Names needn't be unique, references are.
            insert(Merchant{MerchantId(i + 1), hostileNames[i], hostileNames[i / 2], BasisPoints(500), sampleTime});
        }
        for (const char* code : {"USD", "EUR", "JPY", "KWD"}) {
            for (int i = 1; i <= hostileNames.size(); ++i) {
                addAccount(AccountRef::wallet(CustomerId(i), currency(code)));
                addAccount(AccountRef::merchant(MerchantId(i), currency(code)));
            }
            addAccount(AccountRef::system(AccountKind::Clearing, currency(code)));
            addAccount(AccountRef::system(AccountKind::GatewayFees, currency(code)));
        }
    }

    void addEntries(int count)
    {
        for (int i = 1; i <= count; ++i) {
            addEntry(i);
        }
        for (const Account& account : m_accounts) {
            insert(account);
        }
    }

private:
    template<class T>
    void insert(const T& row)
    {
        const Result<void> added = insertRow(m_connection, row);
        if (!added) {
            qFatal("%s", qPrintable(added.error().text()));
        }
    }

    void addAccount(const AccountRef& ref) { m_accounts.push_back(sampleAccount(static_cast<qint64>(m_accounts.size()) + 1, ref, 0, 0)); }

    /// The system's clearing account gives to some owners' buckets; amounts from one minor unit to more than 2^53.
    void addEntry(int id)
    {
        LedgerEntry entry;
        entry.id = LedgerEntryId(id);
        entry.idempotencyKey = QString::number(id);
        entry.kind = EntryKind::Recharge;
        entry.order = id % 3 == 0 ? OrderId(1) : OrderId();
        entry.createdAt = sampleTime + Duration::days(id % 400);
        insert(entry);
        const std::size_t perCurrency = m_accounts.size() / 4;
        const std::size_t base = perCurrency * static_cast<std::size_t>(m_random.bounded(4));
        Account& clearing = m_accounts[base + perCurrency - 2];
        int line = 0;
        for (int i = 0; i < 3; ++i) {
            Account& owner = m_accounts[base + static_cast<std::size_t>(m_random.bounded(static_cast<int>(perCurrency) - 2))];
            const qint64 amount = m_random.bounded(10) == 0 ? 9'007'199'254'740'993 + m_random.bounded(100) : m_random.bounded(1, 100'000);
            post(entry.id, ++line, clearing, Bucket::Available, -amount);
            post(entry.id, ++line, owner, m_random.bounded(2) == 0 ? Bucket::Available : Bucket::Frozen, amount);
        }
    }

    void post(LedgerEntryId entry, int line, Account& account, Bucket bucket, qint64 amount)
    {
        Money& balance = bucket == Bucket::Available ? account.available : account.frozen;
        balance = *balance.plus(Money(amount, account.currency));
        insert(Posting{entry, line, account.id, bucket, account.currency, Money(amount, account.currency), balance});
    }

    Connection& m_connection;
    std::vector<Account> m_accounts;
    QRandomGenerator m_random{20240501};
};

std::unique_ptr<TestDatabase> randomDatabase(DatabaseKind kind, int entries)
{
    auto database = TestDatabase::create(kind);
    auto transaction = DatabaseTransaction::begin(database->writer());
    require(transaction.has_value(), "a transaction begins");
    Order order = sampleOrder(1, CustomerId(1));
    order.orderNo = QStringLiteral("CA-1 ; x\n2024-01-01 evil");
    RandomBooks books(database->writer());
    require(insertRow(database->writer(), order).has_value(), "an order is stored");
    books.addEntries(entries);
    require(transaction->commit().has_value(), "the entries are stored");
    return database;
}

} // namespace

class TestHledger : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { failOnWarnings(); }

    void hledgerAgreesWithEveryBalance_data() { TestDatabase::addKindRows(); }
    void hledgerAgreesWithEveryBalance()
    {
        QFETCH(DatabaseKind, kind);
        const auto database = randomDatabase(kind, 1'500);
        QBuffer journal;
        QVERIFY(journal.open(QIODevice::WriteOnly));
        const auto summary = exportJournal(database->reader(), journal);
        CF_VERIFY_OK(summary);
        QCOMPARE(summary->entries, 1'500);
        QCOMPARE(summary->postings, 9'000);

        const HledgerRun run = hledger(journal.data(), {QStringLiteral("bal"), QStringLiteral("-N"), QStringLiteral("--flat"), QStringLiteral("-E"), QStringLiteral("--layout=bare"),
                                                        QStringLiteral("-O"), QStringLiteral("csv")});
        QVERIFY2(run.exitCode == 0, qPrintable(run.errors));
        auto balances = balancesIn(run.output);
        const auto accounts = journalAccounts(database->reader());
        CF_VERIFY_OK(accounts);
        int compared = 0;
        for (const JournalAccount& account : *accounts) {
            for (const Bucket bucket : {Bucket::Available, Bucket::Frozen}) {
                const Money expected = account.account.balance(bucket);
                const QString name = journalAccountName(account, bucket);
                const auto found = balances.extract({name, expected.currency().code()});
                if (expected.isZero()) {
                    continue;
                }
                QVERIFY2(!found.empty(), qPrintable(name));
                QVERIFY2(found.mapped() == expected.toDecimal(), qPrintable(QStringLiteral("%1: %2, hledger says %3").arg(name, expected.toText(), found.mapped())));
                ++compared;
            }
        }
        QVERIFY(compared > 100);
        // What is left over would be an account that we don't have; zero balances of no commodity are none.
        for (const auto& [key, balance] : balances) {
            QVERIFY2(balance == u"0", qPrintable(key.first + u' ' + balance));
        }
    }

    void hledgerFindsNothingToCorrect_data() { TestDatabase::addKindRows(); }
    void hledgerFindsNothingToCorrect()
    {
        QFETCH(DatabaseKind, kind);
        const auto database = randomDatabase(kind, 200);
        QBuffer journal;
        QVERIFY(journal.open(QIODevice::WriteOnly));
        CF_VERIFY_OK(exportJournal(database->reader(), journal));
        const HledgerRun run = hledger(journal.data(), {QStringLiteral("check"), QStringLiteral("--strict")});
        QVERIFY2(run.exitCode == 0, qPrintable(run.errors));
        const HledgerRun ordered = hledger(journal.data(), {QStringLiteral("stats")});
        QVERIFY2(ordered.output.contains(QStringLiteral("200 (")), qPrintable(ordered.output));
    }

    void hledgerRefusesAnEntryThatDoesNotBalance()
    {
        // Guards the tests above: a wrong journal isn't accepted silently.
        const auto database = randomDatabase(DatabaseKind::Sqlite, 5);
        CF_VERIFY_OK(insertRow(database->writer(), Posting{LedgerEntryId(1), 99, AccountId(1), Bucket::Available, currency("USD"), usd(1), usd(1)}));
        QBuffer journal;
        QVERIFY(journal.open(QIODevice::WriteOnly));
        CF_VERIFY_OK(exportJournal(database->reader(), journal));
        QVERIFY(hledger(journal.data(), {QStringLiteral("check")}).exitCode != 0);
    }

    void differentNamesStayDifferent()
    {
        QSet<QString> components;
        for (const QString& name : hostileNames) {
            const QString component = journalComponent(name);
            QVERIFY2(!component.contains(u':') && !component.contains(u'\n') && !component.contains(QStringLiteral("  ")) && !component.contains(u';'), qPrintable(component));
            components.insert(component);
        }
        QCOMPARE(components.size(), hostileNames.size());
        QCOMPARE(journalComponent(QStringLiteral("Claire Gute")), QStringLiteral("Claire Gute"));
        QCOMPARE(journalComponent(QStringLiteral("a:b")), QStringLiteral("a%3Ab"));
        QCOMPARE(journalComponent(QString()), QStringLiteral("%"));
    }

    void anEmptyLedgerIsAJournalToo_data() { TestDatabase::addKindRows(); }
    void anEmptyLedgerIsAJournalToo()
    {
        QFETCH(DatabaseKind, kind);
        const auto database = TestDatabase::create(kind);
        QBuffer journal;
        QVERIFY(journal.open(QIODevice::WriteOnly));
        CF_VERIFY_OK(exportJournal(database->reader(), journal));
        const HledgerRun run = hledger(journal.data(), {QStringLiteral("check"), QStringLiteral("--strict")});
        QVERIFY2(run.exitCode == 0, qPrintable(run.errors));
    }

    void aFullDiskIsAnError()
    {
        const auto database = randomDatabase(DatabaseKind::Sqlite, 5);
        QFile full(QStringLiteral("/dev/full"));
        QVERIFY(full.open(QIODevice::WriteOnly | QIODevice::Unbuffered));
        CF_COMPARE_ERROR(exportJournal(database->reader(), full), ErrorCode::FileNotWritable);
    }
};

QTEST_GUILESS_MAIN(TestHledger)
#include "tst_hledger.moc"
