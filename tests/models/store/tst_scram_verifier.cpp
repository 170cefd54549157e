// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/scram_verifier.h"
#include "tests/support/expect.h"

#include <QCryptographicHash>
#include <QMessageAuthenticationCode>
#include <QRegularExpression>

namespace counterfoil {

namespace {

QByteArray mac(const QByteArray& key, const QByteArray& text)
{
    return QMessageAuthenticationCode::hash(text, key, QCryptographicHash::Sha256);
}

/// RFC 5802, section 2.2: Hi().
QByteArray saltedPassword(const QByteArray& password, const QByteArray& salt, int iterations)
{
    QByteArray step = mac(password, salt + QByteArray::fromHex("00000001"));
    QByteArray result = step;
    for (int i = 1; i < iterations; ++i) {
        step = mac(password, step);
        for (qsizetype byte = 0; byte < result.size(); ++byte) {
            result[byte] = static_cast<char>(result[byte] ^ step[byte]);
        }
    }
    return result;
}

} // namespace

/// What the server is given of a password.
class TestScramVerifier : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { failOnWarnings(); }

    void isWhatTheServerWouldHaveMade_data();
    void isWhatTheServerWouldHaveMade();
    void isSaltedAnewEachTime();
};

void TestScramVerifier::isWhatTheServerWouldHaveMade_data()
{
    QTest::addColumn<QString>("password");
    QTest::addColumn<QByteArray>("prepared");
    QTest::newRow("plain") << "correct horse battery" << QByteArray("correct horse battery");
    QTest::newRow("quotes") << "it's \\ \"quoted\"" << QByteArray("it's \\ \"quoted\"");
    // RFC 4013: compatibility forms are one.
    QTest::newRow("ligature") << QStringLiteral("\ufb01nancial money") << QByteArray("financial money");
}

void TestScramVerifier::isWhatTheServerWouldHaveMade()
{
    QFETCH(QString, password);
    QFETCH(QByteArray, prepared);
    const auto verifier = scramVerifier(password);
    CF_VERIFY_OK(verifier);
    QVERIFY(!verifier->contains(password));
    static const QRegularExpression form(QStringLiteral("\\ASCRAM-SHA-256\\$(\\d+):([^$]+)\\$([^:]+):(.+)\\z"));
    const QRegularExpressionMatch match = form.match(*verifier);
    QVERIFY2(match.hasMatch(), qPrintable(*verifier));
    const auto bytes = [&match](int group) { return QByteArray::fromBase64(match.captured(group).toLatin1()); };
    const QByteArray salted = saltedPassword(prepared, bytes(2), match.captured(1).toInt());
    QCOMPARE(bytes(3), QCryptographicHash::hash(mac(salted, "Client Key"), QCryptographicHash::Sha256));
    QCOMPARE(bytes(4), mac(salted, "Server Key"));
}

void TestScramVerifier::isSaltedAnewEachTime()
{
    QVERIFY(*scramVerifier(QStringLiteral("correct horse battery")) != *scramVerifier(QStringLiteral("correct horse battery")));
}

} // namespace counterfoil

QTEST_GUILESS_MAIN(counterfoil::TestScramVerifier)
#include "tst_scram_verifier.moc"
