// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflows/gateway/key_file.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>

using namespace counterfoil;

class TestKeyFile : public QObject {
    Q_OBJECT

    QTemporaryDir m_directory;

    QString write(const QByteArray& content, int mode)
    {
        const QString path = m_directory.filePath(QStringLiteral("key"));
        QFile::remove(path);
        QFile file(path);
        const bool written = file.open(QIODevice::WriteOnly) && file.write(content) == content.size();
        file.close();
        require(written && ::chmod(QFile::encodeName(path).constData(), static_cast<mode_t>(mode)) == 0, "the test's file can be written");
        return path;
    }

private Q_SLOTS:
    void readsAPrivateFile()
    {
        QCOMPARE(*readSecretFile(write("sk_test_1\n", 0600)), QByteArray("sk_test_1"));
        QCOMPARE(*readSecretFile(write(" sk_test_1 \r\n", 0400)), QByteArray("sk_test_1"));
    }

    void refusesAFile_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<int>("mode");
        for (const int mode : {0644, 0640, 0604, 0620, 0602, 0601, 0700, 0610}) {
            QTest::addRow("mode %o", mode) << QByteArray("sk_test_1") << mode;
        }
        QTest::addRow("empty") << QByteArray(" \n") << 0600;
        QTest::addRow("two lines") << QByteArray("sk_test_1\nsk_test_2") << 0600;
        QTest::addRow("control character") << QByteArray("sk_test_\x01") << 0600;
        QTest::addRow("not ASCII") << QByteArray("sk_test_\xc3\xa9") << 0600;
        QTest::addRow("too large") << QByteArray(5000, 'k') << 0600;
    }
    void refusesAFile()
    {
        QFETCH(QByteArray, content);
        QFETCH(int, mode);
        const auto read = readSecretFile(write(content, mode));
        QVERIFY(!read);
        QCOMPARE(toString(read.error().code), QStringLiteral("configuration_invalid"));
        QVERIFY(!read.error().detail.contains(QStringLiteral("sk_test")));
    }

    void refusesWhatIsNoFile()
    {
        QCOMPARE(toString(readSecretFile(m_directory.path()).error().code), QStringLiteral("configuration_invalid"));
        const QString pipe = m_directory.filePath(QStringLiteral("pipe"));
        QCOMPARE(::mkfifo(QFile::encodeName(pipe).constData(), 0600), 0);
        QCOMPARE(toString(readSecretFile(pipe).error().code), QStringLiteral("configuration_invalid"));
        QCOMPARE(toString(readSecretFile(m_directory.filePath(QStringLiteral("none"))).error().code), QStringLiteral("file_unreadable"));
    }

    void takesTheEnvironmentOnlyWithoutAFile()
    {
        qunsetenv(gatewayKeyVariable);
        QCOMPARE(toString(loadGatewayKey({}).error().code), QStringLiteral("configuration_invalid"));
        qputenv(gatewayKeyVariable, "sk_test_env");
        QCOMPARE(*loadGatewayKey({}), QByteArray("sk_test_env"));
        QCOMPARE(*loadGatewayKey(write("sk_test_file", 0600)), QByteArray("sk_test_file"));
        QVERIFY(!loadGatewayKey(m_directory.filePath(QStringLiteral("none"))));
        qputenv(gatewayKeyVariable, "");
        QVERIFY(!loadGatewayKey({}));
        qunsetenv(gatewayKeyVariable);
    }
};

QTEST_GUILESS_MAIN(TestKeyFile)
#include "tst_key_file.moc"
